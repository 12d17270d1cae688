// watertight merge: one report of those of shards.

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/reports/outputs.h"
#include "cli/reports/shard.h"

namespace watertight::cli {
namespace {

struct MergeFlags {
  std::vector<std::string> files;
  OutputFlags outputs;
};

int RunMerge(const MergeFlags& flags, Output& out) {
  const Outputs outputs(flags.outputs);
  out.subject = flags.files.front();
  return outputs.Write(MergeShards(flags.files), {}, "", out);
}

}  // namespace

void AddMerge(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<MergeFlags>();
  CLI::App* command =
      app->add_subcommand("merge", "Makes one report of those of all shards of a check");
  command
      ->add_option("FILE", flags->files,
                   "What check --output json=FILE wrote in each shard, in any order")
      ->type_name("")
      ->required();
  AddOutputs(command, &flags->outputs);
  command->footer(
      "The exit code is what one run of all checks would have had.\n"
      "\n"
      "Example:\n"
      "  GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=0 watertight check *.tar --output json=0.json\n"
      "  GTEST_TOTAL_SHARDS=2 GTEST_SHARD_INDEX=1 watertight check *.tar --output json=1.json\n"
      "  watertight merge 0.json 1.json --output junit=checks.xml");
  command->callback(
      [flags, chosen] { *chosen = [flags](Output& out) { return RunMerge(*flags, out); }; });
}

}  // namespace watertight::cli
