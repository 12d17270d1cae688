// watertight check: a policy, for one image or many.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/check_init.h"
#include "cli/check_targets.h"
#include "cli/check_tests.h"
#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/page.h"
#include "cli/replace_file.h"
#include "cli/reports/policy_use.h"
#include "cli/reports/report.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "framework/scan/cache/cache_folder.h"

namespace watertight::cli {
namespace {

struct CheckFlags : OpenFlags {
  std::vector<std::string> images;
  std::vector<std::string> lists;
  std::string policy;
  std::string baseline;
  std::string html;
  std::vector<std::string> outputs;
  std::string cache;
  std::uint64_t cache_size = 1'000'000'000;  // bytes
  TestFlags tests;
  bool strict = false;
  bool init = false;
};

// What kept a run from being whole, or is worth a line.
struct Remarks {
  std::vector<std::string> undone;  // exit code 2
  std::vector<std::string> others;  // what is no image, of folders
};

CheckReport ReportOf(const CheckFlags& flags, CacheFolder* cache, Output& out, Remarks* remarks) {
  const Demands demands = ReadDemands(flags.policy);
  const bool named = !flags.images.empty() || !flags.lists.empty();
  const ImageList images = named ? ListImages(flags.images, flags.lists) : ImagesOf(demands.policy);
  out.subject = images.images.front().reference;
  Baseline baseline;
  CheckOptions options;
  options.open = flags;
  options.strict = flags.strict;
  options.page = !flags.html.empty();
  options.cache = cache;
  if (!flags.baseline.empty()) {
    baseline = Baseline::Read(flags.baseline);
    options.baseline = &baseline;
  }
  const std::vector<CheckTarget> targets = TargetsOf(images, demands, options);
  std::size_t left = 0;
  for (const CheckTarget& target : targets) left += target.run->checks().size();
  remarks->others = images.others;
  CheckReport report;
  for (TestedImage& tested : RunAsTests(targets, flags.tests)) {
    if (tested.is_none) {
      remarks->others.push_back(tested.reference);
      left -= tested.checks;
    } else if (!tested.error.empty()) {
      report.unopened.push_back({tested.reference, tested.error});
      remarks->undone.push_back(tested.error);
    } else {
      left -= tested.checked.results.size();
      report.images.push_back(std::move(tested.checked));
    }
  }
  report.policy = UseOf(demands.policy, targets, report.images);
  report.is_whole = left == 0;
  return report;
}

struct Format {
  const char* name;
  std::string (*make)(const CheckReport& report);
};
constexpr Format kFormats[] = {{"json", CheckJson}, {"sarif", CheckSarif}, {"junit", CheckJunit}};

const Format* FindFormat(std::string_view name) {
  const auto* const format = std::find_if(std::begin(kFormats), std::end(kFormats),
                                          [&](const Format& one) { return one.name == name; });
  return format == std::end(kFormats) ? nullptr : format;
}

std::vector<std::string> FormatsAndText() {
  std::vector<std::string> names = {"text"};
  for (const Format& format : kFormats) names.emplace_back(format.name);
  return names;
}

// A file, and what is written into it.
struct OutputFile {
  const Format* format = nullptr;
  std::string path;
};

// "sarif=out/app.sarif". Throws: Error, kUsage.
OutputFile ReadOutput(const std::string& word) {
  const std::size_t equals = word.find('=');
  OutputFile file{FindFormat(std::string_view(word).substr(0, equals)), ""};
  if (equals != std::string::npos) file.path = word.substr(equals + 1);
  if (file.format == nullptr || file.path.empty()) {
    throw Error(ErrorCode::kUsage,
                "--output is json=FILE, sarif=FILE or junit=FILE, not " + Printable(word));
  }
  return file;
}

bool IsGithub() {
  const char* const github = std::getenv("GITHUB_ACTIONS");
  return github != nullptr && std::string_view(github) == "true";
}

void WriteFiles(const CheckReport& report, const CheckFlags& flags,
                const std::vector<OutputFile>& files, std::vector<std::string>* undone) {
  const auto write = [&](const auto& run) {
    try {
      run();
    } catch (const Error& error) {
      undone->emplace_back(error.what());
    }
  };
  for (const OutputFile& file : files) {
    write([&] { ReplaceFile(file.path, file.format->make(report)); });
  }
  if (flags.html.empty() || report.images.empty()) return;
  std::vector<std::string> documents;
  for (const CheckedImage& checked : report.images) documents.push_back(checked.document);
  write([&] { WritePage(flags.html, documents, PageKind::kCheck); });
}

void WriteReport(const CheckReport& report, const CheckFlags& flags, Output& out) {
  if (const Format* const format = FindFormat(flags.format)) {
    if (!report.images.empty() || format->make != CheckJson) out.Write(format->make(report));
  } else {
    if (!report.images.empty()) WriteCheckText(report, out);
    if (IsGithub()) out.Write(CheckAnnotations(report));
  }
}

// "images/README.md and 3 more are no images".
std::string OthersText(const std::vector<std::string>& others) {
  const std::string first = Printable(others.front());
  if (others.size() == 1) return first + " is no image";
  return first + " and " + Thousands(others.size() - 1) + " more are no images";
}

int RunInit(const CheckFlags& flags, Output& out) {
  const bool more = !flags.lists.empty() || !flags.policy.empty() || !flags.baseline.empty() ||
                    !flags.html.empty() || !flags.outputs.empty() || flags.format != "text";
  if (flags.images.size() != 1 || more) {
    throw Error(ErrorCode::kUsage,
                "check: --init takes one image, and of options --platform alone");
  }
  out.subject = flags.images.front();
  out.Write(FirstPolicy(flags.images.front(), flags));
  return kWell;
}

int RunCheck(const CheckFlags& flags, Output& out) {
  if (flags.init) return RunInit(flags, out);
  std::vector<OutputFile> files;
  for (const std::string& word : flags.outputs) files.push_back(ReadOutput(word));
  std::optional<CacheFolder> cache;
  if (!flags.cache.empty()) cache.emplace(flags.cache, flags.cache_size);
  Remarks remarks;
  const CheckReport report = ReportOf(flags, cache ? &*cache : nullptr, out, &remarks);
  if (flags.tests.list_tests) return kWell;
  std::vector<std::string>& undone = remarks.undone;
  WriteFiles(report, flags, files, &undone);
  if (!remarks.others.empty() && flags.strict) undone.push_back(OthersText(remarks.others));
  out.exit_code_when_gone = !undone.empty() ? kCannotDo : report.Failed() ? kFails : kWell;
  WriteReport(report, flags, out);
  out.Flush();
  if (!remarks.others.empty() && !flags.strict) PrintNote(OthersText(remarks.others));
  // The results are whole without it.
  if (undone.empty() && cache && !cache->trouble().empty()) PrintNote(cache->trouble());
  std::string line;
  for (const std::string& one : undone) line += (line.empty() ? "" : "; ") + one;
  if (!line.empty()) PrintNote(line);
  return out.exit_code_when_gone;
}

}  // namespace

void AddCheck(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<CheckFlags>();
  CLI::App* command =
      app->add_subcommand("check", "Holds images to a policy; exit 1 when one fails");
  command
      ->add_option("IMAGE", flags->images,
                   "The images, which watertight --help tells of; @FILE for a list, a folder for "
                   "all images in it")
      ->type_name("");
  command
      ->add_option("--images", flags->lists,
                   "A list of further images, one a line, with # before comments; - for standard "
                   "input")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      ->add_option("--policy", flags->policy,
                   "A policy file, YAML or JSON: docs/policy.md, which may name the images too; or "
                   "a file of "
                   "container-structure-test; default: the default policy")
      ->type_name("FILE");
  command->add_flag("--init", flags->init,
                    "Prints a first policy for one image: what holds of it now, and its findings");
  command->add_flag(
      "--strict", flags->strict,
      "A check also fails when a limit or a damaged archive in a file left a part out");
  command
      ->add_option(
          "--output", flags->outputs,
          "Also writes a report to a file: json=FILE, sarif=FILE, junit=FILE; may be given "
          "several times")
      ->type_name("FORMAT=FILE")
      ->allow_extra_args(false);
  command
      ->add_option("--baseline", flags->baseline,
                   "Fails only on what this earlier report (--format json) does not have")
      ->type_name("FILE");
  command
      ->add_option(
          "--cache", flags->cache,
          "A folder for results of layers: what a later run meets again is not searched again")
      ->type_name("DIR")
      ->check([](const std::string& word) { return word.empty() ? "is a folder" : ""; });
  command
      ->add_option("--cache-size", flags->cache_size,
                   "What the folder may take: 500MB, 4GB; default: 1GB. The least used results go")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(true).description(""));
  AddHtml(command, &flags->html);
  AddTestFlags(command, &flags->tests);
  AddPlatform(command, flags.get());
  command->add_option("--format", flags->format, "text, json, sarif or junit; default: text")
      ->type_name("FORMAT")
      ->check(OneOf(FormatsAndText()));
  command->footer(
      "The default policy:\n"
      "  Intact        digests and sizes are what the documents claim\n"
      "  NoLeakedFile  no layer stores a well-known credential file, such as .npmrc\n"
      "  HistoryClean  no step of the history gives away a secret\n"
      "  ConfigClean   nothing else in the configuration does\n"
      "  NoSecrets     no carrier holds what a rule takes for a secret\n"
      "A policy file switches them off, gives them options, adds known secrets (NoLeakedValue) "
      "and\n"
      "rules, and allows findings:\n"
      "  version: 1\n"
      "  secrets: [{env: NPM_TOKEN}]\n"
      "  allow: [{rule: jwt-hs, path: srv/docs/**, reason: samples of the manual}]\n"
      "\n"
      "Examples:\n"
      "  watertight check app.tar --format json\n"
      "  watertight check --init app.tar > policy.yaml\n"
      "  watertight check app.tar --policy policy.yaml --html app.html\n"
      "  watertight check images --policy policy.yaml\n"
      "  watertight check app.tar --output sarif=app.sarif --output junit=app.xml");
  command->callback(
      [flags, chosen] { *chosen = [flags](Output& out) { return RunCheck(*flags, out); }; });
}

}  // namespace watertight::cli
