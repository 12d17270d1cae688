// watertight generate --write-contexts: fixtures as folders for real build tools.

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/generate.h"
#include "cli/output.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "generator/catalogue/contexts.h"
#include "generator/catalogue/selection.h"
#include "generator/fixtures/prepare.h"
#include "watertight/error.h"

namespace watertight::cli {

int GenerateContexts(const GenerateFlags& flags, Output& out) {
  if (!flags.out.empty() || !flags.builders.empty() || !flags.archives.empty()) {
    throw Error(ErrorCode::kUsage,
                "generate: --write-contexts writes no images: without --out, --builder, --archive");
  }
  std::vector<generator::Fixture> read;
  if (!flags.fixtures.empty()) read = generator::ReadFixtures(flags.fixtures);
  const auto& fixtures = flags.fixtures.empty() ? generator::OwnFixtures() : read;
  std::vector<const generator::Fixture*> chosen;
  for (const generator::Fixture* fixture : generator::FixturesOf(fixtures, flags.globs)) {
    if (flags.faults || !generator::IsDamaged(*fixture)) chosen.push_back(fixture);
  }
  generator::WriteContexts(chosen, flags.contexts,
                           {.seed = flags.seed.empty() ? generator::kDefaultSeed : flags.seed,
                            .clock = GenerateClock(),
                            .threads = flags.jobs});
  out.Write(Counted(chosen.size(), "context") + " in " + Printable(flags.contexts) + "\n");
  return kWell;
}

}  // namespace watertight::cli
