// watertight score: scanners against the truth.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "bench/accuracy/run/catalogue.h"
#include "bench/accuracy/run/run.h"
#include "cli/command.h"
#include "cli/generate.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "generator/catalogue/selection.h"
#include "generator/catalogue/write.h"
#include "generator/fixtures/prepare.h"
#include "watertight/error.h"

namespace watertight::cli {
namespace {

namespace fs = std::filesystem;

constexpr double kDefaultSeconds = 300;

struct ScoreFlags {
  std::vector<std::string> catalogues;
  std::vector<std::string> globs;
  std::vector<std::string> seeds;
  std::vector<std::string> builders;
  std::vector<std::string> archives;
  std::vector<std::string> scanners = {"all"};
  std::string scanner_directory;
  std::string tools;
  std::vector<std::string> configurations = {"default", "best"};
  std::vector<std::string> views = {"image", "layers"};
  std::string work;
  unsigned jobs = 0;
  double seconds = kDefaultSeconds;
};

[[noreturn]] void Refuse(const std::string& why) {
  throw Error(ErrorCode::kUsage, "score: " + why);
}

// One line on standard error that rewrites itself and is gone at the end.
class Progress {
 public:
  Progress() = default;
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (shown_) std::fputs(kClear, stderr);
  }

  void Show(const std::string& what, std::size_t done, std::size_t all) {
    const auto now = std::chrono::steady_clock::now();
    if (now < next_ && done < all) return;
    next_ = now + std::chrono::milliseconds(100);
    shown_ = true;
    std::fprintf(stderr, "%s%s: %s of %s images", kClear, what.c_str(), Thousands(done).c_str(),
                 Thousands(all).c_str());
  }

 private:
  static constexpr char kClear[] = "\r\x1b[K";

  std::chrono::steady_clock::time_point next_;
  bool shown_ = false;
};

// Seeds name folders.
void CheckSeed(const std::string& seed) {
  if (seed.empty() || seed.front() == '.' || seed.find('/') != std::string::npos) {
    Refuse("the seed " + Printable(seed) + " cannot name a folder");
  }
}

// What is there for the same images is not written again: results refer to it.
std::string GenerateInto(const ScoreFlags& flags, const std::string& seed) {
  CheckSeed(seed);
  const std::string folder = flags.work + "/catalogue/" + seed;
  generator::CatalogueQuery query;
  query.fixtures = flags.globs;
  if (!flags.builders.empty()) query.builders = flags.builders;
  if (!flags.archives.empty()) query.archives = flags.archives;
  generator::CatalogueOptions options;
  options.seed = seed;
  options.reveal = true;
  options.clock = GenerateClock();
  options.threads = flags.jobs;
  const auto selection = generator::SelectArchives(generator::OwnFixtures(), query);
  generator::WriteCatalogue(selection, folder, options);
  return folder;
}

// A catalogue that is there already, under the name of its seed.
std::string LinkInto(const ScoreFlags& flags, const std::string& given) {
  const std::string source = fs::absolute(given).lexically_normal().string();
  const std::string seed = bench::ReadCatalogue(source).seed;
  CheckSeed(seed);
  const std::string folder = flags.work + "/catalogue/" + seed;
  std::error_code error;
  if (fs::equivalent(folder, source, error)) return folder;
  fs::create_directories(flags.work + "/catalogue", error);
  if (fs::is_symlink(folder, error)) fs::remove(folder, error);
  error.clear();
  fs::create_directory_symlink(source, folder, error);
  if (error) throw Error(ErrorCode::kIo, Printable(folder) + ": " + error.message());
  return folder;
}

std::vector<std::string> Catalogues(const ScoreFlags& flags) {
  std::vector<std::string> folders;
  for (const std::string& given : flags.catalogues) folders.push_back(LinkInto(flags, given));
  const bool generates = flags.catalogues.empty() || !flags.seeds.empty();
  if (!generates) return folders;
  const std::vector<std::string> seeds =
      flags.seeds.empty() ? std::vector<std::string>{generator::kDefaultSeed} : flags.seeds;
  for (const std::string& seed : seeds) folders.push_back(GenerateInto(flags, seed));
  return folders;
}

std::string SelfPath() {
  std::error_code error;
  const fs::path path = fs::read_symlink("/proc/self/exe", error);
  return error ? "watertight" : path.string();
}

std::string StateText(const bench::RunTotal& total) {
  if (total.state == "not-available") return "not available: " + total.reason;
  std::string text = Thousands(total.images) + " of " + Counted(total.all, "image");
  if (total.errors > 0) text += ", " + Counted(total.errors, "error");
  text += ", " + Counted(total.findings, "finding");
  if (total.state == "error") text += "; " + total.reason;
  return text;
}

void WriteTotals(const std::vector<bench::RunTotal>& totals, Output& out) {
  std::size_t width = 0;
  const auto name = [](const bench::RunTotal& total) {
    return total.scanner + " " + total.configuration + " " + total.view + " " + total.seed;
  };
  for (const bench::RunTotal& total : totals) width = std::max(width, Columns(name(total)));
  for (const bench::RunTotal& total : totals) {
    out.Write(PadRight(name(total), width) + "  " + StateText(total) + "\n");
  }
}

unsigned JobsOf(const ScoreFlags& flags) {
  return flags.jobs > 0 ? flags.jobs : std::max(1U, std::thread::hardware_concurrency());
}

int RunScore(ScoreFlags flags, Output& out) {
  flags.work = fs::absolute(flags.work).lexically_normal().string();
  bench::RunOptions options;
  options.work = flags.work;
  options.scanner_directory = fs::absolute(flags.scanner_directory).lexically_normal().string();
  options.tools =
      flags.tools.empty() ? flags.work : fs::absolute(flags.tools).lexically_normal().string();
  options.self = SelfPath();
  options.scanners = flags.scanners;
  options.configurations = flags.configurations;
  options.views = flags.views;
  options.jobs = JobsOf(flags);
  options.seconds = flags.seconds;
  options.clock = GenerateClock();
  Progress progress;
  if (isatty(STDERR_FILENO) == 1) {
    options.progress = [&progress](const std::string& what, std::size_t done, std::size_t all) {
      progress.Show(what, done, all);
    };
  }
  WriteTotals(bench::RunScanners(options, Catalogues(flags)), out);
  return kWell;
}

CLI::Option* AddList(CLI::App* command, const char* name, std::vector<std::string>& values,
                     const char* about, const char* type) {
  return command->add_option(name, values, about)
      ->type_name(type)
      ->delimiter(',')
      ->allow_extra_args(false);
}

void AddImages(CLI::App* command, ScoreFlags* flags) {
  command
      ->add_option("CATALOGUE", flags->catalogues,
                   "Folders of generate --out --reveal; without one the images are generated")
      ->type_name("");
  AddList(command, "--fixtures", flags->globs,
          "Fixtures to generate, by id or pattern; default: all", "GLOB");
  AddList(command, "--seed", flags->seeds, "Seeds to generate at; default: watertight", "TEXT");
  AddList(command, "--builder", flags->builders, "As for generate; default: buildkit-0.25", "NAME");
  AddList(command, "--archive", flags->archives, "As for generate; default: docker-28", "NAME");
}

void AddRuns(CLI::App* command, ScoreFlags* flags) {
  AddList(command, "--scanners", flags->scanners, "Names, or all", "NAME")->capture_default_str();
  command
      ->add_option("--scanner-dir", flags->scanner_directory,
                   "The descriptions of scanners: bench/accuracy/scanners")
      ->type_name("DIR")
      ->required();
  command->add_option("--tools", flags->tools, "Where scanners are installed: DIR/bin; then PATH")
      ->type_name("DIR");
  AddList(command, "--configuration", flags->configurations, "default, best", "NAME")
      ->check(OneOf({"default", "best"}))
      ->capture_default_str();
  AddList(command, "--view", flags->views, "image, layers, rootfs", "NAME")
      ->check(OneOf({"image", "layers", "rootfs"}))
      ->capture_default_str();
  command
      ->add_option("--work", flags->work,
                   "Where images, raw reports and results go; it holds the planted values")
      ->type_name("DIR")
      ->required();
  command->add_option("--jobs", flags->jobs, "Scanners at a time; default: one for each core")
      ->type_name("N")
      ->check(CLI::Range(1U, 1024U));
  command->add_option("--timeout", flags->seconds, "Seconds for one image")
      ->type_name("S")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

}  // namespace

void AddScore(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<ScoreFlags>();
  CLI::App* command = app->add_subcommand(
      "score", "Runs scanners on images whose secrets are known, and scores them");
  AddImages(command, flags.get());
  AddRuns(command, flags.get());
  command->footer(
      "What is finished in DIR is not run again. Scanners have no network while they run.\n"
      "\n"
      "Example:\n"
      "  bench/accuracy/scanners/gitleaks/install ~/scanners\n"
      "  watertight score --scanners gitleaks,watertight --scanner-dir bench/accuracy/scanners \\\n"
      "    --tools ~/scanners --work /tmp/score");
  command->callback(
      [flags, chosen] { *chosen = [flags](Output& out) { return RunScore(*flags, out); }; });
}

}  // namespace watertight::cli
