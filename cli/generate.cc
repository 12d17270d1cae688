// watertight generate: images that a real builder would have saved, of a Dockerfile or of the
// catalogue of fixtures.

#include "cli/generate.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <system_error>

#include "cli/command.h"
#include "cli/generate_list.h"
#include "cli/open.h"
#include "cli/output.h"
#include "framework/image/path.h"
#include "generator/build/build.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

constexpr std::int64_t kLatest = 253402300799;  // 9999-12-31T23:59:59Z, the last in RFC 3339
constexpr unsigned kMostJobs = 1024;

constexpr char kOwn[] = "A Dockerfile of one's own";
constexpr char kCatalogue[] = "The catalogue of fixtures";
constexpr char kBoth[] = "Both";
constexpr char kLists[] = "Lists";

int RunGenerate(const GenerateFlags& flags, Output& out) {
  if (!flags.list.empty()) {
    return RunGenerateList({flags.list, flags.format, flags.fixtures, flags.globs}, out);
  }
  if (!flags.contexts.empty()) return GenerateContexts(flags, out);
  if (!flags.out.empty()) return GenerateCatalogue(flags, out);
  if (!flags.globs.empty() || !flags.fixtures.empty()) {
    throw Error(ErrorCode::kUsage, "generate: where to? Give --out DIR for images of fixtures");
  }
  return GenerateDockerfile(flags, out);
}

// Adds options of one group.
class Options {
 public:
  Options(CLI::App* command, const char* group) : command_(command), group_(group) {}

  CLI::Option* Text(const char* name, std::string& value, const std::string& about,
                    const char* type) {
    return Added(command_->add_option(name, value, about)->type_name(type));
  }
  CLI::Option* List(const char* name, std::vector<std::string>& values, const std::string& about,
                    const char* type) {
    return Added(
        command_->add_option(name, values, about)->type_name(type)->allow_extra_args(false));
  }
  CLI::Option* Flag(const char* name, bool& value, const char* about) {
    return Added(command_->add_flag(name, value, about));
  }

  const std::vector<CLI::Option*>& all() const { return all_; }

 private:
  CLI::Option* Added(CLI::Option* option) {
    option->group(group_);
    all_.push_back(option);
    return option;
  }

  CLI::App* command_;
  std::string group_;
  std::vector<CLI::Option*> all_;
};

void AddOwn(Options& options, GenerateFlags* flags) {
  options.Text("-f,--dockerfile", flags->dockerfile, "The Dockerfile; without it DIR/Dockerfile",
               "FILE");
  options.Text("--context", flags->context, "The build context; without it the Dockerfile's folder",
               "DIR");
  options.Text("-o,--output", flags->output,
               "The archive (oci-dir: the folder) to write; replaced in one step; - for a pipe",
               "FILE");
  options
      .Text("--provenance", flags->provenance,
            "off, min or max: what BuildKit attests of the build; without it as the tool has it",
            "MODE")
      ->check(OneOf({"off", "min", "max"}));
  options.List("--build-arg", flags->build_args, "A build argument; NAME alone: of the environment",
               "NAME=VALUE");
  options.List("--secret", flags->secrets,
               "For RUN --mount=type=secret; env=NAME in place of src=", "id=ID,src=FILE");
  options.List("--base", flags->bases, "A saved image for FROM and COPY --from: NAME=IMAGE",
               "NAME=IMAGE");
  options.Text("--target", flags->target, "The stage to build; without it the last", "STAGE");
  options.Text("--platform", flags->platform,
               "What the image is for, such as linux/arm64; default: linux/amd64", "OS/ARCH");
  options.List("-t,--tag", flags->tags, "A name of the image in the archive", "NAME:TAG");
  options.Text("--truth", flags->truth,
               "Where templates such as {{github-pat:ci}} planted values; - for standard output",
               "FILE");
  options.Flag("--squash", flags->squash, "One layer for all steps: the classic builders' option");
}

void AddCatalogue(Options& options, GenerateFlags* flags) {
  options
      .List("GLOB", flags->globs, "Fixtures, by id or pattern; * crosses slashes; default: all", "")
      ->allow_extra_args(true);
  options.Text("--out", flags->out, "Writes ID.BUILDER.ARCHIVE.tar, each with its truth", "DIR");
  options.Text("--write-contexts", flags->contexts,
               "Writes rendered Dockerfiles and contexts instead, for docker build", "DIR");
  options.Text("--fixtures", flags->fixtures, "Fixtures of one's own instead of those built in",
               "DIR");
  options.Flag("--faults", flags->faults, "Damaged and ambiguous images too");
}

void AddShared(Options& options, GenerateFlags* flags) {
  options
      .List("--builder", flags->builders,
            "Who builds, default buildkit-0.25; of fixtures also several, patterns, all: " +
                NamesOfBuilders(),
            "NAME")
      ->delimiter(',');
  options
      .List("--archive", flags->archives,
            "Who saves, default docker-28; of fixtures also several, patterns, all: " +
                NamesOfArchives(),
            "NAME")
      ->delimiter(',');
  options
      .Text("--compression", flags->compression,
            "none, gzip or zstd, of layers; without it as the tool has it", "NAME")
      ->check(OneOf({"none", "gzip", "zstd"}));
}

void AddJobs(CLI::App* command, GenerateFlags* flags) {
  const auto check = [](const std::string& word) {
    unsigned jobs = 0;
    const char* const end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, jobs);
    const bool fits = error == std::errc() && stop == end && jobs >= 1 && jobs <= kMostJobs;
    return fits ? "" : "is a number of threads, not " + Printable(word);
  };
  command->add_option("--jobs", flags->jobs, "Threads; default: one for each core")
      ->type_name("N")
      ->check(check)
      ->group(kCatalogue);
}

// Options of either use, which do not go together.
struct Uses {
  std::vector<CLI::Option*> own;
  std::vector<CLI::Option*> catalogue;
};

Uses AddOptions(CLI::App* command, GenerateFlags* flags) {
  Options own(command, kOwn);
  AddOwn(own, flags);
  Options catalogue(command, kCatalogue);
  AddCatalogue(catalogue, flags);
  AddJobs(command, flags);
  Options shared(command, kBoth);
  AddShared(shared, flags);
  shared.Text("--seed", flags->seed, "Other values from another seed; fills templates in", "TEXT");
  shared.Flag("--reveal", flags->reveal, "Values in the truth, not their hashes alone");
  Options lists(command, kLists);
  lists
      .Text("--list", flags->list, "Lists fixtures, builders, archives or kinds of credentials",
            "WHAT")
      ->check(OneOf({"fixtures", "builders", "archives", "kinds"}));
  lists
      .Text("--format", flags->format, "text or json, of --list; fixtures: markdown too", "FORMAT")
      ->check(OneOf({"text", "json", "markdown"}));
  return {own.all(), catalogue.all()};
}

const CLI::Option* Given(const std::vector<CLI::Option*>& options) {
  for (const CLI::Option* option : options) {
    if (option->count() > 0) return option;
  }
  return nullptr;
}

void CheckUse(const Uses& uses) {
  const CLI::Option* own = Given(uses.own);
  const CLI::Option* catalogue = Given(uses.catalogue);
  if (own == nullptr || catalogue == nullptr) return;
  throw Error(ErrorCode::kUsage, "generate: " + own->get_name() +
                                     " is for a Dockerfile of one's own, " + catalogue->get_name() +
                                     " for fixtures: one of both");
}

}  // namespace

// https://reproducible-builds.org/specs/source-date-epoch/
std::int64_t GenerateClock() {
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

std::optional<generator::Compression> CompressionOf(const std::string& name) {
  if (name == "none") return generator::Compression::kNone;
  if (name == "gzip") return generator::Compression::kGzip;
  if (name == "zstd") return generator::Compression::kZstd;
  return std::nullopt;
}

void AddGenerate(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<GenerateFlags>();
  CLI::App* command = app->add_subcommand(
      "generate", "Builds a Dockerfile, or fixtures, into archives without a daemon");
  const Uses uses = AddOptions(command, flags.get());
  command->footer(
      "The same command writes the same bytes. The clock is SOURCE_DATE_EPOCH, or a fixed date.\n"
      "Examples:\n"
      "  watertight generate --context app --tag app:ci --output app.tar\n"
      "  watertight generate -f Dockerfile --builder classic-20.10 --archive docker-20 -o old.tar\n"
      "  watertight generate --context app --build-arg TOKEN=x -o - | docker load\n"
      "  watertight generate --list fixtures\n"
      "  watertight generate --out images\n"
      "  watertight generate 'copy/*' --builder 'buildkit-*' --archive all --out images\n"
      "  watertight generate copy/then-delete --write-contexts contexts");
  command->callback([flags, uses, chosen] {
    *chosen = [flags, uses](Output& out) {
      CheckUse(uses);
      return RunGenerate(*flags, out);
    };
  });
}

}  // namespace watertight::cli
