// The program `watertight`: one subcommand, one result, an exit code of command.h.

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/usage.h"
#include "framework/image/mapped_bytes.h"
#include "generator/error.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

constexpr void (*kCommands[])(CLI::App*, Runner*) = {
    AddInspect, AddLs,    AddCat,      AddDiff,  AddFind,
    AddCheck,   AddMerge, AddGenerate, AddScore, AddCompletion};

constexpr char kFooter[] =
    "Example:\n"
    "  docker save app:ci -o app.tar && watertight inspect app.tar\n"
    "\n"
    "IMAGE is a file or folder that docker save, buildx, buildah, podman, skopeo, crane … wrote,\n"
    "- for standard input, or docker-archive:PATH[:TAG], oci-archive:PATH[:REF], oci:DIR[:REF];\n"
    "of several images @N is the one of this number, from 0: docker-archive:PATH:@1.\n"
    "docker-daemon:NAME is an image of a Docker daemon; through skopeo, docker://NAME is one of a\n"
    "registry, containers-storage:NAME one of podman's.\n"
    "Exit codes: 0 all well, 1 the image fails, 2 it could not be done.";

void Describe(CLI::App* app, Runner* chosen) {
  app->description("Looks into saved container images, and finds what they give away.");
  app->name("watertight");
  app->set_version_flag("--version", "watertight " WATERTIGHT_VERSION, "Prints the version");
  app->require_subcommand(1);
  app->footer(kFooter);
  app->set_help_flag("-h,--help", "Prints this text");
  for (const auto add : kCommands) add(app, chosen);
  const auto unmark = [](std::string word) { return UnmarkedWord(std::move(word)); };
  app->get_formatter()->label("SUBCOMMAND", "COMMAND");
  for (CLI::App* command : app->get_subcommands({})) {
    command->group("Commands");
    for (CLI::Option* option : command->get_options()) option->transform(unmark);
  }
}

// In the order in which CLI11 wants them: the last one first.
std::vector<std::string> Words(int argc, char** argv) {
  std::vector<std::string> words;
  for (int i = argc - 1; i > 0; --i) words.push_back(MarkedWord(argv[i]));
  return words;
}

// Help and version are results, other parse errors are usage errors.
int FinishParsing(const CLI::App& app, const CLI::ParseError& error, Output* out) {
  const std::string name = error.get_name();
  if (name == "CallForHelp" || name == "CallForAllHelp") {
    out->Write(app.help());
  } else if (name == "CallForVersion") {
    out->Write(std::string(error.what()) + "\n");
  } else {
    PrintNote(UsageLine(app, error));
    return kCannotDo;
  }
  out->Flush();
  return kWell;
}

int Run(int argc, char** argv, Output* out) {
  CLI::App app;
  Runner chosen;
  Describe(&app, &chosen);
  try {
    app.parse(Words(argc, argv));
  } catch (const CLI::ParseError& error) {
    return FinishParsing(app, error, out);
  }
  const int code = chosen(*out);
  out->exit_code_when_gone = code;
  out->Flush();
  return code;
}

// A mistake in a Dockerfile is told as compilers do: PATH:LINE: message, and nothing else.
void PrintBuildError(const generator::Error& error) {
  if (error.path().empty()) return PrintNote(error.what());
  std::fprintf(stderr, "%s\n", error.what());
}

int Main(int argc, char** argv) {
  // A reader that goes shows as EPIPE, which Output knows.
  std::signal(SIGPIPE, SIG_IGN);
  // A limit on the size of files shows as EFBIG, like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
  MappedBytes::Allow();
  Output out;
  try {
    return Run(argc, argv, &out);
  } catch (const ReaderGone&) {
    return out.exit_code_when_gone;
  } catch (const Error& error) {
    PrintNote(error.what());
  } catch (const generator::Error& error) {
    PrintBuildError(error);
  } catch (const std::bad_alloc&) {
    PrintNote("memory is exhausted");
  } catch (const std::exception& error) {
    PrintNote(error.what());
  }
  return kCannotDo;
}

}  // namespace
}  // namespace watertight::cli

int main(int argc, char** argv) { return watertight::cli::Main(argc, argv); }
