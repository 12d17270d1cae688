// watertight generate --dockerfile: a Dockerfile of one's own into one archive.

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>

#include "cli/base_image.h"
#include "cli/command.h"
#include "cli/generate.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/standard_output.h"
#include "framework/image/path.h"
#include "generator/archives/archive.h"
#include "generator/archives/archive_file.h"
#include "generator/archives/image_name.h"
#include "generator/archives/sha256.h"
#include "generator/build/build.h"
#include "generator/build/context_directory.h"
#include "generator/catalogue/own_dockerfile.h"
#include "generator/catalogue/selection.h"
#include "generator/dockerfile/platform.h"
#include "generator/error.h"
#include "generator/truth/truth.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

using generator::BuildRequest;

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

bool IsSameFile(const std::string& one, const std::string& other) {
  namespace fs = std::filesystem;
  std::error_code error;  // of files that are not there yet
  return fs::equivalent(one, other, error) ||
         fs::weakly_canonical(fs::absolute(one, error), error) ==
             fs::weakly_canonical(fs::absolute(other, error), error);
}

// What is written replaces neither the Dockerfile nor what else is written.
void CheckOutputs(const GenerateFlags& flags) {
  if (IsStandardOutput(flags.output) && IsStandardOutput(flags.truth)) {
    ExpectOneForStandardOutput({"--output -", "--truth -"});
  }
  const struct {
    const char* option;
    const std::string& path;
    const char* taken;
    const std::string& taken_path;
  } rows[] = {{"--output", flags.output, "the Dockerfile", flags.dockerfile},
              {"--truth", flags.truth, "the Dockerfile", flags.dockerfile},
              {"--truth", flags.truth, "the archive", flags.output}};
  for (const auto& row : rows) {
    if (row.path.empty() || !IsSameFile(row.path, row.taken_path)) continue;
    throw Error(ErrorCode::kUsage,
                std::string("generate: ") + row.option + " would replace " + row.taken);
  }
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

// The one name of an option that may be given several times elsewhere.
std::string Single(const std::vector<std::string>& names, const char* by_default,
                   const char* option) {
  if (names.empty()) return by_default;
  if (names.size() == 1) return names.front();
  throw Error(ErrorCode::kUsage,
              std::string("generate: a Dockerfile is built once: one ") + option);
}

BuildRequest RequestOf(const GenerateFlags& flags, const std::string& archive) {
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
  request.builder = Single(flags.builders, generator::kDefaultBuilder, "--builder");
  request.store = generator::StoreOf(archive);
  request.provenance = generator::ProvenanceOf(flags.provenance, archive);
  request.squash = flags.squash;
  request.bases = OpenBases(flags.bases, flags.platform);
  request.clock = GenerateClock();
  request.names = flags.tags;
  return request;
}

// Fills in the templates of the Dockerfile, the context, the build arguments and the secrets.
generator::OwnFixture FillIn(const GenerateFlags& flags, BuildRequest& request) {
  generator::OwnFixture own = generator::PrepareOwnDockerfile(
      {.dockerfile = flags.dockerfile,
       .context = flags.context,
       .build_args = request.arguments.values,
       .secrets = request.secrets,
       .seed = flags.seed.empty() ? generator::kDefaultSeed : flags.seed});
  request.dockerfile = own.prepared.context.dockerfile;
  request.context = generator::MemoryContext(own.prepared.context.files);
  request.arguments.values = own.prepared.build_args;
  request.secrets = own.prepared.secrets;
  return own;
}

void WriteTruth(const GenerateFlags& flags, const generator::OwnFixture& own,
                const generator::FixtureImages& images, const generator::WrittenArchive& archive,
                Output& out) {
  const std::string seed = flags.seed.empty() ? generator::kDefaultSeed : flags.seed;
  const generator::FixtureTruth fixture(own.fixture, own.prepared, seed);
  const generator::Truth truth =
      generator::TruthOf(generator::ImageTruth(fixture, images), archive);
  const std::string document = generator::TruthDocument(truth, flags.reveal);
  if (IsStandardOutput(flags.truth)) return out.Write(document);
  generator::ReplaceFile(flags.truth, generator::Rope(document));
}

}  // namespace

int GenerateDockerfile(GenerateFlags flags, Output& out) {
  FillInPaths(flags);
  CheckOutputs(flags);
  const std::string archive_name = Single(flags.archives, generator::kDefaultArchive, "--archive");
  BuildRequest request = RequestOf(flags, archive_name);
  std::optional<generator::OwnFixture> own;
  if (!flags.truth.empty() || !flags.seed.empty()) own = FillIn(flags, request);
  generator::FixtureImages images;
  images.images.push_back(generator::Build(request));
  for (const std::string& warning : images.images.front().warnings) PrintNote(warning);
  const generator::Archive archive = generator::WriteArchive(
      archive_name, {images.images.front().saved},
      {.compression = CompressionOf(flags.compression), .clock = GenerateClock()});
  if (!flags.truth.empty()) {
    WriteTruth(
        flags, *own, images,
        {.builder = request.builder,
         .archive = archive_name,
         .written = &archive,
         .sha256 = archive.is_directory ? "" : generator::Sha256Hex(generator::ToTar(archive)),
         .is_stated = false},
        out);
  }
  if (IsStandardOutput(flags.output)) {
    generator::ToTar(archive).Read([&out](std::string_view bytes) { out.Write(bytes); });
  } else {
    generator::SaveArchive(flags.output, archive);
  }
  return kWell;
}

}  // namespace watertight::cli
