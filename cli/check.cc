// watertight check: a policy, for one image or many.

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/check_init.h"
#include "cli/check_targets.h"
#include "cli/check_tests.h"
#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/page.h"
#include "cli/policy/conditions.h"
#include "cli/reports/outputs.h"
#include "cli/reports/policy_use.h"
#include "cli/reports/report.h"
#include "cli/reports/shard.h"
#include "framework/image/sha256.h"
#include "framework/scan/cache/cache_folder.h"

namespace watertight::cli {
namespace {

struct CheckFlags : OpenFlags {
  std::vector<std::string> images;
  std::vector<std::string> lists;
  std::string policy;
  std::string baseline;
  OutputFlags outputs;
  std::string cache;
  std::string cache_size = "1GB";
  TestFlags tests;
  bool strict = false;
  bool init = false;
};

// All that decides what the checks say of the images.
std::string DemandsDigest(const CheckFlags& flags, const Demands& demands,
                          const Baseline& baseline) {
  const char* const filter = std::getenv("GTEST_FILTER");
  std::string text;
  for (const std::string& part :
       {demands.text, baseline.digest(), flags.platform, flags.tests.filter,
        std::string(flags.tests.filter.empty() && filter != nullptr ? filter : ""),
        std::string(flags.strict ? "strict" : "")}) {
    text += std::to_string(part.size()) + ":" + part;
  }
  return Sha256Digest(text);
}

// demands: their digest.
std::optional<Shard> ShardOf(const std::string& demands, const std::vector<CheckTarget>& targets) {
  std::optional<Shard> shard = ShardOfEnvironment();
  if (!shard) return shard;
  shard->version = WATERTIGHT_VERSION;
  shard->demands = demands;
  for (const CheckTarget& target : targets) {
    PlannedImage image{target.run->reference(), {}};
    for (const Check& check : target.run->checks()) image.checks.push_back(check.name);
    shard->plan.push_back(std::move(image));
  }
  return shard;
}

// undone: takes what could not be done beside.
CheckReport ReportOf(const CheckFlags& flags, CacheFolder* cache, std::vector<std::string>* undone,
                     Output& out) {
  const Demands demands = ReadDemands(flags.policy);
  const bool named = !flags.images.empty() || !flags.lists.empty();
  const ImageList images = named ? ListImages(flags.images, flags.lists) : ImagesOf(demands.policy);
  out.subject = images.images.front().reference;
  Baseline baseline;
  CheckOptions options;
  options.open = flags;
  options.strict = flags.strict;
  options.page = !flags.outputs.html.empty();
  options.cache = cache;
  if (!flags.baseline.empty()) {
    baseline = Baseline::Read(flags.baseline);
    options.baseline = &baseline;
  }
  const std::vector<CheckTarget> targets = TargetsOf(images, demands, options);
  std::size_t left = 0;
  for (const CheckTarget& target : targets) left += target.run->checks().size();
  CheckReport report;
  report.others = images.others;
  report.strict = flags.strict;
  report.shard = ShardOf(DemandsDigest(flags, demands, baseline), targets);
  for (TestedImage& tested : RunAsTests(targets, flags.tests, undone)) {
    if (tested.is_none) {
      report.none.push_back({tested.number, tested.reference, tested.error});
      left -= tested.checks;
    } else if (!tested.error.empty()) {
      report.unopened.push_back({tested.number, tested.reference, tested.error});
    } else {
      left -= tested.checked.results.size();
      report.images.push_back(std::move(tested.checked));
    }
  }
  report.policy = UseOf(demands.policy, targets, report.images);
  report.is_whole = left == 0;
  return report;
}

// Empty when none is wanted, or no image could be opened.
std::string PageOf(const CheckReport& report, const CheckFlags& flags) {
  if (flags.outputs.html.empty() || report.images.empty()) return "";
  std::vector<std::string> documents;
  for (const CheckedImage& checked : report.images) documents.push_back(checked.document);
  std::vector<std::string> unopened;
  for (const UnopenedImage& image : report.unopened) unopened.push_back(image.error);
  return Page(documents, PageKind::kCheck, unopened);
}

int RunInit(const CheckFlags& flags, Output& out) {
  const bool more = !flags.lists.empty() || !flags.policy.empty() || !flags.baseline.empty() ||
                    !flags.outputs.html.empty() || !flags.outputs.files.empty() ||
                    !flags.outputs.format.empty();
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
  const Outputs outputs(flags.outputs);
  std::optional<CacheFolder> cache;
  if (!flags.cache.empty()) {
    cache.emplace(flags.cache, static_cast<std::uint64_t>(ParseSize(flags.cache_size).value_or(0)));
  }
  std::vector<std::string> undone;
  const CheckReport report = ReportOf(flags, cache ? &*cache : nullptr, &undone, out);
  if (flags.tests.list_tests) {
    if (!undone.empty()) throw Error(ErrorCode::kIo, undone.front());
    return kWell;
  }
  const int code = outputs.Write(report, undone, PageOf(report, flags), out);
  // The results are whole without it.
  if (code != kCannotDo && cache && !cache->trouble().empty()) PrintNote(cache->trouble());
  return code;
}

}  // namespace

void AddCheck(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<CheckFlags>();
  // A variable of a script that is not set must not switch it off unseen.
  const auto names_file = [](const std::string& word) {
    return word.empty() ? "takes the name of a file" : "";
  };
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
      ->type_name("FILE")
      ->check(names_file);
  command->add_flag("--init", flags->init,
                    "Prints a first policy for one image: what holds of it now, and its findings");
  command->add_flag(
      "--strict", flags->strict,
      "A check also fails when a limit or a damaged archive in a file left a part out");
  command
      ->add_option("--baseline", flags->baseline,
                   "Fails only on what this earlier report (--format json) does not have")
      ->type_name("FILE")
      ->check(names_file);
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
      ->check([](const std::string& word) {
        return ParseSize(word) ? "" : "is a size such as 500MB or 4GB";
      });
  AddHtml(command, &flags->outputs.html);
  AddTestFlags(command, &flags->tests);
  AddPlatform(command, flags.get());
  AddOutputs(command, &flags->outputs);
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
