// watertight generate --out: images of fixtures, each with its truth.

#include <unistd.h>

#include <set>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/generate.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "generator/catalogue/selection.h"
#include "generator/catalogue/write.h"
#include "generator/fixtures/prepare.h"

namespace watertight::cli {
namespace {

using generator::CatalogueSelection;

generator::CatalogueQuery QueryOf(const GenerateFlags& flags) {
  generator::CatalogueQuery query;
  query.fixtures = flags.globs;
  if (!flags.builders.empty()) query.builders = flags.builders;
  if (!flags.archives.empty()) query.archives = flags.archives;
  query.damaged = flags.faults;
  return query;
}

std::string Summary(const CatalogueSelection& selection, const std::string& directory) {
  std::set<const generator::Fixture*> fixtures;
  for (const generator::CatalogueItem& item : selection.items) fixtures.insert(item.fixture);
  return Counted(selection.items.size(), "archive") + " of " + Counted(fixtures.size(), "fixture") +
         " in " + Printable(directory) + "\n";
}

}  // namespace

int GenerateCatalogue(const GenerateFlags& flags, Output& out) {
  std::vector<generator::Fixture> read;
  if (!flags.fixtures.empty()) read = generator::ReadFixtures(flags.fixtures);
  const auto& fixtures = flags.fixtures.empty() ? generator::OwnFixtures() : read;
  const CatalogueSelection selection = generator::SelectArchives(fixtures, QueryOf(flags));
  generator::CatalogueOptions options;
  options.seed = flags.seed.empty() ? generator::kDefaultSeed : flags.seed;
  options.reveal = flags.reveal;
  options.clock = GenerateClock();
  options.compression = CompressionOf(flags.compression);
  options.threads = flags.jobs;
  Progress progress("");
  if (isatty(STDERR_FILENO) == 1) {
    options.progress = [&progress](std::size_t done, std::size_t total) {
      progress.ShowCount("archives", done, total);
    };
  }
  generator::WriteCatalogue(selection, flags.out, options);
  if (selection.left_out > 0) {
    PrintNote(Counted(selection.left_out, "archive") +
              " left out: the fixture does not exist there");
  }
  out.Write(Summary(selection, flags.out));
  return kWell;
}

}  // namespace watertight::cli
