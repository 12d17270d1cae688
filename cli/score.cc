// watertight score: scanners against the truth.

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "bench/accuracy/run/catalogue.h"
#include "bench/accuracy/run/run.h"
#include "cli/command.h"
#include "cli/generate.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/page.h"
#include "cli/progress.h"
#include "cli/score_reports.h"
#include "cli/standard_output.h"
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
constexpr std::string_view kFileFormats[] = {"json", "markdown", "labels", "findings"};

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
  std::size_t batch = 1;
  bool rereads = false;
  double seconds = kDefaultSeconds;
  std::vector<std::string> outputs;
  std::string html;
  std::string format;  // empty: text, unless another report goes to standard output
};

[[noreturn]] void Refuse(const std::string& why) {
  throw Error(ErrorCode::kUsage, "score: " + why);
}

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
  Progress progress("");
  if (isatty(STDERR_FILENO) == 1) {
    options.progress = [&progress](std::size_t done, std::size_t total) {
      progress.ShowCount("archives", done, total);
    };
  }
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

bench::RunOptions RunOptionsOf(const ScoreFlags& flags) {
  bench::RunOptions options;
  options.home.work = flags.work;
  options.home.scanner_directory =
      fs::absolute(flags.scanner_directory).lexically_normal().string();
  options.home.tools =
      flags.tools.empty() ? flags.work : fs::absolute(flags.tools).lexically_normal().string();
  options.home.self = SelfPath();
  options.scanners = flags.scanners;
  options.configurations = flags.configurations;
  options.views = flags.views;
  options.jobs = JobsOf(flags);
  options.batch = flags.batch;
  options.rereads = flags.rereads;
  options.home.seconds = flags.seconds;
  options.clock = GenerateClock();
  return options;
}

std::vector<bench::RunTotal> RunAll(const ScoreFlags& flags) {
  bench::RunOptions options = RunOptionsOf(flags);
  // Before minutes of generating.
  const std::vector<bench::Scanner> scanners = bench::ChooseScanners(options);
  const std::vector<std::string> catalogues = Catalogues(flags);
  Progress progress("");
  if (isatty(STDERR_FILENO) == 1) {
    options.progress = [&progress](const std::string& what, std::size_t done, std::size_t all) {
      progress.ShowCount("images, " + what, done, all);
    };
  }
  return bench::RunScanners(options, scanners, catalogues);
}

// "json=score.json". Throws: Error, kUsage.
ScoreFile ReadOutput(const std::string& word) {
  const std::size_t equals = word.find('=');
  ScoreFile file{word.substr(0, equals), ""};
  if (equals != std::string::npos) file.path = word.substr(equals + 1);
  const bool known = std::find(std::begin(kFileFormats), std::end(kFileFormats), file.format) !=
                     std::end(kFileFormats);
  if (!known || file.path.empty()) {
    Refuse("--output is json=FILE, markdown=FILE, labels=FILE or findings=FILE, not " +
           Printable(word));
  }
  return file;
}

ScoreReports ReportsOf(const ScoreFlags& flags) {
  ScoreReports reports;
  reports.work = flags.work;
  std::vector<std::string> printed;
  const auto print = [&](const std::string& format, const std::string& word) {
    reports.format = format;
    printed.push_back(word);
  };
  if (!flags.format.empty()) print(flags.format, "--format " + flags.format);
  std::vector<std::pair<ScoreFile, std::string>> files;
  for (const std::string& word : flags.outputs) {
    files.emplace_back(ReadOutput(word), "--output " + word);
  }
  if (!flags.html.empty()) files.push_back({{"html", flags.html}, "--html " + flags.html});
  for (const auto& [file, word] : files) {
    if (IsStandardOutput(file.path)) {
      print(file.format, word);
    } else {
      reports.files.push_back(file);
    }
  }
  ExpectOneForStandardOutput(printed);
  return reports;
}

int RunScore(ScoreFlags flags, Output& out) {
  flags.work = fs::absolute(flags.work).lexically_normal().string();
  const ScoreReports reports = ReportsOf(flags);
  const std::vector<bench::RunTotal> totals = RunAll(flags);
  const std::string text = WriteScoreReports(reports);
  if (reports.format == "text") {
    WriteTotals(totals, out);
    out.Write("\n");
  }
  out.Write(text);
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
  command
      ->add_option("--batch", flags->batch,
                   "Images that a scanner gets in one run, where it takes several; then its time "
                   "is shared among them")
      ->type_name("N")
      ->check(CLI::Range(1U, 1000U))
      ->capture_default_str();
  command->add_flag("--reread", flags->rereads,
                    "Reads the reports of earlier runs again, by the descriptions as they are "
                    "now; scanners run on what has none, and on canaries");
  command->add_option("--timeout", flags->seconds, "Seconds for one run")
      ->type_name("S")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void AddReports(CLI::App* command, ScoreFlags* flags) {
  command
      ->add_option(
          "--output", flags->outputs,
          "Also writes a report to a file: json=FILE, markdown=FILE, and as CSV "
          "labels=FILE, findings=FILE; may be given several times; - for standard output, in "
          "place of --format")
      ->type_name("FORMAT=FILE")
      ->allow_extra_args(false);
  AddHtml(command, &flags->html);
  command->add_option("--format", flags->format, "text, json or markdown; default: text")
      ->type_name("FORMAT")
      ->check(OneOf({"text", "json", "markdown"}));
}

}  // namespace

void AddScore(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<ScoreFlags>();
  CLI::App* command = app->add_subcommand(
      "score", "Runs scanners on images whose secrets are known, and scores them");
  AddImages(command, flags.get());
  AddRuns(command, flags.get());
  AddReports(command, flags.get());
  command->footer(
      "What is finished in DIR is not run again, and all runs in it are scored. Scanners have no "
      "network\nwhile they run.\n"
      "\n"
      "Example:\n"
      "  bench/accuracy/scanners/gitleaks/install ~/scanners\n"
      "  watertight score --scanners gitleaks,watertight --scanner-dir bench/accuracy/scanners \\\n"
      "    --tools ~/scanners --work /tmp/score --html score.html");
  command->callback(
      [flags, chosen] { *chosen = [flags](Output& out) { return RunScore(*flags, out); }; });
}

}  // namespace watertight::cli
