// The page that shows all fixtures to people.

#include <optional>
#include <string_view>
#include <vector>

#include "generator/catalogue/selection.h"
#include "generator/catalogue/summary.h"
#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kHead =
    "# The fixtures\n"
    "\n"
    "Every way in which an image gives a secret away that this project knows, as a Dockerfile: "
    "each with the reason, the remedy, and\n"
    "where there is one its twin, which differs in one property. Written by `watertight generate "
    "--list fixtures --format markdown`;\n"
    "[`watertight generate`](commands/generate.md#the-catalogue) makes images of them, and [a "
    "page](writing-fixtures.md) tells how to add one.\n";

// In a table's cell.
std::string Cell(std::string_view text) {
  std::string cell;
  for (const char c : text) {
    if (c == '|') cell += '\\';
    cell += c == '\n' ? ' ' : c;
  }
  return cell;
}

std::string_view CategoryOf(const Fixture& fixture) {
  return std::string_view(fixture.id).substr(0, fixture.id.find('/'));
}

std::string Link(const std::string& id) { return "[" + id + "](../fixtures/" + id + ")"; }

const char* Verdict(const FixtureSummary& summary) {
  const std::optional<Expectation>& expect = summary.fixture->expect;
  if (expect) return expect->verdict == "refused" ? "refused" : "noted";
  return summary.clean ? "clean" : "leaks";
}

std::string Row(const FixtureSummary& summary) {
  const Fixture& fixture = *summary.fixture;
  std::string why = Cell(fixture.title) + ". " + Cell(fixture.about);
  if (!fixture.mend.empty()) why += " *" + Cell(fixture.mend) + "*";
  std::vector<std::string> where;
  if (!fixture.channel.empty()) where.push_back(fixture.channel);
  if (!fixture.builders.empty()) where.push_back(Join(fixture.builders, ", "));
  if (!fixture.archives.empty()) where.push_back(Join(fixture.archives, ", "));
  const std::string twin = fixture.twin.empty() ? "" : Link(fixture.twin);
  return "| " + Link(fixture.id) + " | " + Cell(Join(where, "; ")) + " | " + Verdict(summary) +
         " | " + why + " | " + twin + " |\n";
}

}  // namespace

std::string FixturesPage(const std::vector<FixtureSummary>& fixtures) {
  std::size_t leaking = 0;
  for (const FixtureSummary& each : fixtures) leaking += each.clean ? 0 : 1;
  std::string page(kHead);
  page += "\n" + std::to_string(fixtures.size()) + " fixtures, of which " +
          std::to_string(leaking) + " give something away.\n";
  std::string_view category;
  for (const FixtureSummary& each : fixtures) {
    if (CategoryOf(*each.fixture) != category) {
      category = CategoryOf(*each.fixture);
      page += "\n## " + std::string(category) + "\n\n";
      page += "| fixture | channel, and where | image | why, and *how to mend it* | twin |\n";
      page += "|---|---|---|---|---|\n";
    }
    page += Row(each);
  }
  return page;
}

}  // namespace watertight::generator
