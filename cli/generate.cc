// watertight generate: from a Dockerfile to the archive that a real builder would have saved.

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/base_image.h"
#include "cli/command.h"
#include "cli/generate_list.h"
#include "cli/open.h"
#include "cli/output.h"
#include "framework/image/path.h"
#include "generator/archives/archive.h"
#include "generator/archives/archive_file.h"
#include "generator/archives/image_name.h"
#include "generator/build/build.h"
#include "generator/build/context_directory.h"
#include "generator/builders/builder.h"
#include "generator/dockerfile/platform.h"
#include "generator/error.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

using generator::BuildRequest;

constexpr std::int64_t kLatest = 253402300799;  // 9999-12-31T23:59:59Z, the last in RFC 3339

struct GenerateFlags {
  std::string dockerfile;
  std::string context;
  std::string builder = generator::kDefaultBuilder;
  std::string archive = "docker-28";
  std::string compression;
  std::string provenance;
  std::vector<std::string> build_args;
  std::vector<std::string> secrets;
  std::vector<std::string> bases;
  std::string target;
  std::string platform;
  std::vector<std::string> tags;
  std::string output;
  std::string list;
  std::string format = "text";
};

std::string ReadFile(const std::string& path) {
  std::optional<std::string> bytes = generator::ReadDiskFile(path);
  if (bytes) return *bytes;
  const bool folder = std::filesystem::is_directory(path);
  throw generator::Error(folder ? "is a folder" : "No such file or directory").In(path);
}

// Without the flag, the Dockerfile of the context; without a context, the Dockerfile's folder.
void FillInPaths(GenerateFlags& flags) {
  if (flags.dockerfile.empty() && flags.context.empty()) {
    throw Error(ErrorCode::kUsage,
                "generate: what to build? Give --dockerfile FILE or --context DIR "
                "(see watertight generate --help)");
  }
  if (flags.output.empty()) {
    throw Error(ErrorCode::kUsage, "generate: where to? Give --output FILE, or - for a pipe");
  }
  namespace fs = std::filesystem;
  if (flags.dockerfile.empty()) flags.dockerfile = fs::path(flags.context) / "Dockerfile";
  if (flags.context.empty()) flags.context = fs::path(flags.dockerfile).parent_path();
  if (flags.context.empty()) flags.context = ".";
}

// KEY=VALUE; KEY alone takes the value of the environment, as docker build does.
void AddBuildArgument(const std::string& text, BuildRequest& request) {
  const std::size_t equals = text.find('=');
  if (text.empty() || equals == 0) {
    throw Error(ErrorCode::kUsage, "generate: --build-arg needs a name: NAME=VALUE, or NAME");
  }
  if (equals != text.npos) {
    request.arguments.values[text.substr(0, equals)] = text.substr(equals + 1);
  } else if (const char* value = std::getenv(text.c_str())) {
    request.arguments.values[text] = value;
  }
}

// id=ID,src=FILE or id=ID,env=NAME, in any order.
void AddSecret(const std::string& text, BuildRequest& request) {
  std::string id;
  std::string file;
  std::string variable;
  std::stringstream fields(text);
  for (std::string field; std::getline(fields, field, ',');) {
    const std::size_t equals = std::min(field.find('='), field.size());
    const std::string key = field.substr(0, equals);
    const std::string value = equals == field.size() ? "" : field.substr(equals + 1);
    if (key == "id")
      id = value;
    else if (key == "src" || key == "source")
      file = value;
    else if (key == "env")
      variable = value;
    else if (key != "type" || (value != "file" && value != "env")) {
      throw Error(ErrorCode::kUsage,
                  "generate: --secret knows id=, src=, env= and type=, not " + Printable(field));
    }
  }
  if (id.empty()) throw Error(ErrorCode::kUsage, "generate: --secret needs id=ID,src=FILE");
  const char* value = variable.empty() ? nullptr : std::getenv(variable.c_str());
  if (!variable.empty() && value == nullptr) {
    throw Error(ErrorCode::kUsage,
                "generate: --secret: the environment has no " + Printable(variable));
  }
  request.secrets[id] = value != nullptr ? value : ReadFile(file.empty() ? id : file);
}

// https://reproducible-builds.org/specs/source-date-epoch/
std::int64_t Clock() {
  const char* text = std::getenv("SOURCE_DATE_EPOCH");
  if (text == nullptr || *text == '\0') return generator::kDefaultClock;
  const char* const end = text + std::strlen(text);
  std::int64_t seconds = 0;
  const auto [stop, error] = std::from_chars(text, end, seconds);
  if (error != std::errc() || stop != end || seconds < 0 || seconds > kLatest) {
    throw Error(ErrorCode::kUsage, "generate: SOURCE_DATE_EPOCH=" + Printable(text) +
                                       " is no number of seconds since 1970");
  }
  return seconds;
}

generator::Platform PlatformOf(const std::string& text) {
  try {
    return generator::ParsePlatform(text);
  } catch (const generator::Error& error) {
    throw Error(ErrorCode::kUsage, std::string("generate: --platform: ") + error.what());
  }
}

void CheckTag(const std::string& name) {
  try {
    generator::CheckImageName(name);
  } catch (const generator::Error& error) {
    throw Error(ErrorCode::kUsage, std::string("generate: --tag: ") + error.what());
  }
}

BuildRequest RequestOf(const GenerateFlags& flags) {
  BuildRequest request;
  for (const std::string& tag : flags.tags) CheckTag(tag);
  request.dockerfile = ReadFile(flags.dockerfile);
  request.path = flags.dockerfile;
  request.context = generator::DirectoryContext(flags.context);
  for (const std::string& text : flags.build_args) AddBuildArgument(text, request);
  for (const std::string& text : flags.secrets) AddSecret(text, request);
  request.arguments.target = flags.target;
  if (!flags.platform.empty()) {
    request.arguments.target_platform = PlatformOf(flags.platform);
  }
  request.builder = flags.builder;
  request.store = generator::StoreOf(flags.archive);
  request.provenance = generator::ProvenanceOf(flags.provenance, flags.archive);
  request.bases = OpenBases(flags.bases, flags.platform);
  request.clock = Clock();
  request.names = flags.tags;
  return request;
}

generator::ArchiveOptions ArchiveOptionsOf(const GenerateFlags& flags) {
  generator::ArchiveOptions options;
  options.clock = Clock();
  if (flags.compression == "none") options.compression = generator::Compression::kNone;
  if (flags.compression == "gzip") options.compression = generator::Compression::kGzip;
  if (flags.compression == "zstd") options.compression = generator::Compression::kZstd;
  return options;
}

int RunGenerate(GenerateFlags flags, Output& out) {
  if (!flags.list.empty()) return RunGenerateList(flags.list, flags.format, out);
  FillInPaths(flags);
  const generator::BuiltImage image = generator::Build(RequestOf(flags));
  for (const std::string& warning : image.warnings) PrintNote(warning);
  const generator::Archive archive =
      generator::WriteArchive(flags.archive, {image.saved}, ArchiveOptionsOf(flags));
  if (flags.output == "-") {
    generator::ToTar(archive).Read([&out](std::string_view bytes) { out.Write(bytes); });
  } else {
    generator::SaveArchive(flags.output, archive);
  }
  return kWell;
}

void AddOptions(CLI::App* command, GenerateFlags* flags) {
  const auto text = [command](const char* name, std::string& value, const char* about,
                              const char* type) {
    return command->add_option(name, value, about)->type_name(type);
  };
  const auto list = [command](const char* name, std::vector<std::string>& values, const char* about,
                              const char* type) {
    command->add_option(name, values, about)->type_name(type)->allow_extra_args(false);
  };
  text("-f,--dockerfile", flags->dockerfile, "The Dockerfile; without it DIR/Dockerfile", "FILE");
  text("--context", flags->context, "The build context; without it the Dockerfile's folder", "DIR");
  text("-o,--output", flags->output,
       "The archive (oci-dir: the folder) to write; replaced in one step; - for a pipe", "FILE");
  text("--builder", flags->builder, ("Who builds: " + NamesOfBuilders()).c_str(), "NAME")
      ->capture_default_str();
  text("--archive", flags->archive, ("Who saves: " + NamesOfArchives()).c_str(), "NAME")
      ->capture_default_str();
  text("--compression", flags->compression,
       "none, gzip or zstd, of layers; without it as the tool has it", "NAME")
      ->check(OneOf({"none", "gzip", "zstd"}));
  text("--provenance", flags->provenance,
       "off, min or max: what BuildKit attests of the build; without it as the tool has it", "MODE")
      ->check(OneOf({"off", "min", "max"}));
  list("--build-arg", flags->build_args, "A build argument; NAME alone: of the environment",
       "NAME=VALUE");
  list("--secret", flags->secrets, "For RUN --mount=type=secret", "id=ID,src=FILE");
  list("--base", flags->bases, "A saved image for FROM and COPY --from: NAME=IMAGE", "NAME=IMAGE");
  text("--target", flags->target, "The stage to build; without it the last", "STAGE");
  text("--platform", flags->platform, "Such as linux/arm64", "OS/ARCH");
  list("-t,--tag", flags->tags, "A name of the image in the archive", "NAME:TAG");
  text("--list", flags->list, "Lists the builders or archives instead of building", "WHAT")
      ->check(OneOf({"builders", "archives"}));
  text("--format", flags->format, "text or json, of --list", "FORMAT")
      ->check(OneOf({"text", "json"}));
}

}  // namespace

void AddGenerate(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<GenerateFlags>();
  CLI::App* command =
      app->add_subcommand("generate", "Builds a Dockerfile, without a daemon, into an archive");
  AddOptions(command, flags.get());
  command->footer(
      "The same command writes the same bytes. The clock is SOURCE_DATE_EPOCH, or a fixed date.\n"
      "Examples:\n"
      "  watertight generate --context app --tag app:ci --output app.tar\n"
      "  watertight generate -f Dockerfile --builder classic-20.10 --archive docker-20 -o old.tar\n"
      "  watertight generate --context app --build-arg TOKEN=x -o - | docker load");
  command->callback(
      [flags, chosen] { *chosen = [flags](Output& out) { return RunGenerate(*flags, out); }; });
}

}  // namespace watertight::cli
