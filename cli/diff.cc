// watertight diff: what changed from one image to another.

#include <CLI/CLI.hpp>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/diff_report.h"
#include "cli/open.h"
#include "cli/output.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

struct DiffFlags : OpenFlags {
  std::string a;
  std::string b;
  DiffOptions options;
};

int RunDiff(const DiffFlags& flags, Output& out) {
  if (flags.a == "-" && flags.b == "-") {
    throw Error(ErrorCode::kUsage, "-: is standard input, which can be one of two images only");
  }
  out.subject = flags.a;
  const ComparedImage a(OpenImage(flags.a, flags));
  const ComparedImage b(OpenImage(flags.b, flags));
  const ImageDiff diff = CompareImages(a.image, a.documents, b.image, b.documents, flags.options);
  out.exit_code_when_gone = diff.empty() ? kWell : kFails;
  if (flags.json()) {
    WriteDiffJson(a, b, diff, out);
  } else {
    WriteDiffText(a, b, diff, out);
  }
  return out.exit_code_when_gone;
}

}  // namespace

void AddDiff(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<DiffFlags>();
  CLI::App* command =
      app->add_subcommand("diff", "Shows what changed between two images; exit 1 when they differ");
  command->add_option("A", flags->a, "The first image")->type_name("")->required();
  command->add_option("B", flags->b, "The second image")->type_name("")->required();
  command->add_flag("--ignore-times", flags->options.ignore_times,
                    "Takes no notice of mtimes of files and of times in the configuration");
  AddPlatform(command, flags.get());
  AddFormat(command, flags.get());
  command->footer(
      "Example:\n"
      "  watertight diff old.tar new.tar --ignore-times");
  command->callback(
      [flags, chosen] { *chosen = [flags](Output& out) { return RunDiff(*flags, out); }; });
}

}  // namespace watertight::cli
