#include "cli/generate_list.h"

#include <algorithm>
#include <utility>

#include "cli/command.h"
#include "cli/output.h"
#include "cli/text.h"
#include "generator/archives/archive.h"
#include "generator/archives/entries.h"
#include "generator/archives/json.h"
#include "generator/builders/builder.h"
#include "generator/catalogue/selection.h"
#include "generator/catalogue/summary.h"
#include "generator/credentials/credentials.h"
#include "generator/fixtures/fixture.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

using generator::FixtureSummary;
using generator::Json;

std::string Joined(const std::vector<std::string>& words, const char* separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

std::vector<std::string> BuilderNames() {
  std::vector<std::string> names;
  for (const generator::Builder& each : generator::Builders()) names.emplace_back(each.name);
  return names;
}

std::vector<std::string> ArchiveNames() {
  std::vector<std::string> names;
  for (const auto& each : generator::ArchiveWriters()) names.emplace_back(each.name);
  return names;
}

// Lines of cells; all columns but the last are as wide as their widest cell.
std::string Table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], Columns(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) text += PadRight(row[i], widths[i] + 2);
    text += row.back() + "\n";
  }
  return text;
}

// One row a line.
std::string JsonRows(const std::vector<Json>& rows) {
  std::string text = "[";
  for (const Json& row : rows) {
    text += (text.size() == 1 ? "\n " : ",\n ") + generator::Write(row, generator::kPythonCompact);
  }
  return text + "\n]\n";
}

// A list as text and as JSON, from the same things.
struct Listing {
  std::vector<std::vector<std::string>> table;
  std::vector<Json> json;
};

template <typename Things>
Listing NamedListing(const Things& things) {
  Listing listing;
  for (const auto& each : things) {
    listing.table.push_back({each.name, each.about});
    listing.json.push_back(Json::Object({{"name", each.name}, {"about", each.about}}));
  }
  return listing;
}

Listing KindListing() {
  Listing listing;
  for (const generator::Kind& kind : generator::Kinds()) {
    std::vector<std::string> forms;
    for (const generator::Form& form : generator::Forms(kind)) forms.push_back(form.name);
    std::vector<std::string> variants;
    for (const std::string_view variant : generator::Variants(kind)) variants.emplace_back(variant);
    const std::string id(kind.id);
    const std::string its_class(kind.credential_class);
    const std::string title(kind.title);
    listing.table.push_back({id, its_class, title});
    listing.json.push_back(Json::Object({{"id", id},
                                         {"class", its_class},
                                         {"title", title},
                                         {"forms", generator::StringList(forms)},
                                         {"variants", generator::StringList(variants)}}));
  }
  return listing;
}

const char* Verdict(const FixtureSummary& summary) {
  if (generator::IsDamaged(*summary.fixture)) return "damaged";
  return summary.clean ? "clean" : "leaks";
}

Listing FixtureListing(const std::vector<FixtureSummary>& summaries) {
  Listing listing;
  for (const FixtureSummary& each : summaries) {
    const generator::Fixture& fixture = *each.fixture;
    listing.table.push_back({fixture.id, Verdict(each), fixture.channel, fixture.title});
    listing.json.push_back(Json::Object({{"id", fixture.id},
                                         {"title", fixture.title},
                                         {"channel", generator::TextOrNull(fixture.channel)},
                                         {"tier", fixture.tier},
                                         {"kinds", generator::StringList(each.kinds)},
                                         {"clean", each.clean},
                                         {"damaged", generator::IsDamaged(fixture)},
                                         {"twin", generator::TextOrNull(fixture.twin)},
                                         {"builders", generator::StringList(fixture.builders)},
                                         {"archives", generator::StringList(fixture.archives)}}));
  }
  return listing;
}

int RunFixtureList(const GenerateListFlags& flags, Output& out) {
  std::vector<generator::Fixture> read;
  if (!flags.fixtures.empty()) read = generator::ReadFixtures(flags.fixtures);
  const auto& fixtures = flags.fixtures.empty() ? generator::OwnFixtures() : read;
  const auto summaries = generator::Summaries(generator::FixturesOf(fixtures, flags.globs));
  if (flags.format == "markdown") {
    out.Write(generator::FixturesPage(summaries));
  } else {
    const Listing listing = FixtureListing(summaries);
    out.Write(flags.format == "json" ? JsonRows(listing.json) : Table(listing.table));
  }
  return kWell;
}

Listing ListingOf(const std::string& what) {
  if (what == "builders") return NamedListing(generator::Builders());
  if (what == "archives") return NamedListing(generator::ArchiveWriters());
  return KindListing();
}

}  // namespace

std::string NamesOfBuilders() { return Joined(BuilderNames(), ", "); }
std::string NamesOfArchives() { return Joined(ArchiveNames(), ", "); }

int RunGenerateList(const GenerateListFlags& flags, Output& out) {
  if (flags.what == "fixtures") return RunFixtureList(flags, out);
  if (flags.format == "markdown") {
    throw Error(ErrorCode::kUsage, "generate: only fixtures are listed as markdown");
  }
  if (!flags.globs.empty()) {
    throw Error(ErrorCode::kUsage, "generate: patterns choose among fixtures, not " + flags.what);
  }
  const Listing listing = ListingOf(flags.what);
  out.Write(flags.format == "json" ? JsonRows(listing.json) : Table(listing.table));
  return kWell;
}

}  // namespace watertight::cli
