// watertight check: a policy, for one image or many.

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/check_report.h"
#include "cli/check_tests.h"
#include "cli/command.h"
#include "cli/image_run.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/page.h"
#include "cli/structure_tests/run.h"

namespace watertight::cli {
namespace {

struct CheckFlags : OpenFlags {
  std::vector<std::string> images;
  std::string policy;
  std::string html;
  TestFlags tests;
  bool strict = false;
};

bool Failed(const CheckedImage& checked) {
  return std::any_of(checked.results.begin(), checked.results.end(), [](const CheckResult& result) {
    return result.status == CheckStatus::kFailed;
  });
}

// Adds what could not be done to the one line that tells of it.
void AddCause(const Error& error, std::string* line) {
  *line += (line->empty() ? "" : "; ") + std::string(error.what());
}

// What images are held to.
struct Demands {
  Policy policy;
  std::vector<Check> checks;
};

// file: of a policy or of container-structure-test; empty: the default policy.
Demands ReadDemands(const std::string& file) {
  if (!file.empty()) {
    if (auto tests = ReadStructureTests(file)) {
      return {PolicyBesideTests(), ChecksOf(std::make_shared<StructureTests>(std::move(*tests)))};
    }
  }
  Policy policy = file.empty() ? Policy() : ReadPolicy(file);
  std::vector<Check> checks = ChecksOf(policy);
  return {std::move(policy), std::move(checks)};
}

std::vector<std::unique_ptr<ImageRun>> RunsOf(const CheckFlags& flags, const Demands& demands) {
  std::vector<std::unique_ptr<ImageRun>> runs;
  for (const std::string& reference : flags.images) {
    runs.push_back(
        std::make_unique<ImageRun>(reference, demands.policy, demands.checks, flags, flags.strict));
  }
  return runs;
}

int RunCheck(const CheckFlags& flags, Output& out) {
  const Demands demands = ReadDemands(flags.policy);
  const std::vector<std::unique_ptr<ImageRun>> runs = RunsOf(flags, demands);
  std::vector<CheckedImage> all;
  std::string undone;
  std::size_t made = 0;
  for (const TestedImage& tested : RunAsTests(runs, flags.tests)) {
    if (!tested.error.empty()) {
      undone += (undone.empty() ? "" : "; ") + tested.error;
      continue;
    }
    all.push_back({tested.run->image(), tested.results});
    made += tested.results.size();
  }
  if (!all.empty() && !flags.html.empty()) {
    try {
      WritePage(flags.html, all, PageKind::kCheck);
    } catch (const Error& error) {
      AddCause(error, &undone);
    }
  }
  if (!all.empty()) {
    out.subject = flags.images.front();
    const bool failed = std::any_of(all.begin(), all.end(), Failed);
    out.exit_code_when_gone = !undone.empty() ? kCannotDo : failed ? kFails : kWell;
    if (!flags.json()) {
      for (const CheckedImage& checked : all) WriteCheckText(checked, out);
      // Some checks alone cannot tell what the policy has in vain.
      if (made == runs.size() * demands.checks.size()) WritePolicyText(demands.policy, all, out);
      WriteCheckSummary(all, out);
    } else {
      WriteCheckJson(all, demands.policy, out);
    }
  }
  if (undone.empty()) return out.exit_code_when_gone;
  out.Flush();
  PrintNote(undone);
  return kCannotDo;
}

}  // namespace

void AddCheck(CLI::App* app, Runner* chosen) {
  auto flags = std::make_shared<CheckFlags>();
  CLI::App* command =
      app->add_subcommand("check", "Holds images to a policy; exit 1 when one fails");
  command->add_option("IMAGE", flags->images, "The images; watertight --help says what they may be")
      ->type_name("")
      ->required();
  command
      ->add_option(
          "--policy", flags->policy,
          "A policy file, YAML or JSON: docs/policy.md; or a file of container-structure-test; "
          "default: the default policy")
      ->type_name("FILE");
  command->add_flag(
      "--strict", flags->strict,
      "A check also fails when a limit or a damaged archive in a file left a part out");
  AddHtml(command, &flags->html);
  AddTestFlags(command, &flags->tests);
  AddPlatform(command, flags.get());
  AddFormat(command, flags.get());
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
      "  watertight check app.tar --policy policy.yaml --html app.html");
  command->callback(
      [flags, chosen] { *chosen = [flags](Output& out) { return RunCheck(*flags, out); }; });
}

}  // namespace watertight::cli
