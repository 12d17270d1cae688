// watertight inspect: the first look at an image.

#include "cli/inspect.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/page.h"
#include "cli/page_document.h"
#include "cli/replace_file.h"
#include "cli/standard_output.h"

namespace watertight::cli {
namespace {

struct InspectFlags : OpenFlags {
  std::string image;
  std::string html;
  bool all = false;
  bool has_format = false;  // given, not the default
};

int RunInspect(const InspectFlags& flags, Output& out) {
  const bool page_alone = IsStandardOutput(flags.html);
  if (page_alone && flags.has_format) {
    ExpectOneForStandardOutput({"--html -", "--format " + flags.format});
  }
  out.subject = flags.image;
  const Image image = OpenImage(flags.image, flags);
  if (!flags.html.empty()) {
    RequireReadable(image);
    const std::string page = Page({ImageDocument(image, {})}, PageKind::kInspect);
    if (page_alone) {
      out.Write(page);
      return kWell;
    }
    ReplaceFile(flags.html, page);
  }
  if (flags.json()) {
    WriteInspectJson(image, out);
  } else {
    WriteInspectText(image, flags.all, out);
  }
  return kWell;
}

}  // namespace

bool IsComplete(const Image& image) {
  return std::all_of(image.layers().begin(), image.layers().end(),
                     [](const Layer& layer) { return layer.present(); });
}

void RequireReadable(const Image& image) {
  for (const Layer& layer : image.layers()) {
    if (layer.present()) layer.entries();
  }
}

void AddInspect(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<InspectFlags>();
  CLI::App* command =
      app->add_subcommand("inspect", "Shows layers beside the history that made them, and waste");
  command->add_option("IMAGE", flags->image, "The image; watertight --help says what it may be")
      ->type_name("")
      ->required();
  command->add_flag("--all", flags->all, "Lists all hidden files and notes, not the first ones");
  AddHtml(command, &flags->html);
  AddPlatform(command, flags.get());
  AddFormat(command, flags.get());
  command->footer(
      "Examples:\n"
      "  watertight inspect app.tar\n"
      "  watertight inspect app.tar --html app.html");
  command->callback([flags, chosen, command] {
    flags->has_format = command->count("--format") > 0;
    *chosen = [flags](Output& out) { return RunInspect(*flags, out); };
  });
}

}  // namespace watertight::cli
