#include "cli/checks.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <sstream>

#include "cli/check_work.h"
#include "cli/image_run.h"
#include "cli/notes.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "framework/matchers/made_search.h"
#include "framework/scan/also_hidden.h"
#include "framework/scan/fate.h"
#include "framework/scan/finding_text.h"
#include "framework/scan/recovery.h"
#include "framework/scan/secret_search.h"
#include "watertight/gtest.h"
#include "watertight/leaks.h"
#include "watertight/secrets.h"

namespace watertight::cli {
namespace {

std::string SizeText(const Image& image) {
  std::string layers = Counted(image.layers().size(), "layer");
  try {
    return layers + ", " + HumanSize(image.size());
  } catch (const Error&) {
    return layers;
  }
}

CheckResult CheckIntact(ImageRun& run) {
  const Image& image = run.image();
  CheckResult result;
  const testing::Matcher<const Image&> matcher = IsIntact();
  const Answer answer = Ask(image, matcher, ClaimOf(matcher));
  result.status = StatusOf(answer.matches);
  result.message = answer.message;
  if (answer.matches) {
    result.detail = SizeText(image);
  } else {
    const bool readable = image.unreadable_layers().empty();
    result.detail = readable ? "bytes are not what a document claims" : "a layer cannot be read";
  }
  return result;
}

CleanOptions OptionsOf(const Policy& policy, const std::vector<std::string>& names) {
  CleanOptions options;
  for (const std::string& name : names) options.Allow(name);
  for (const AllowedFinding& allowed : policy.options.allowed()) options.Allow(allowed);
  return options;
}

// well: what a clean one tells of itself.
CheckResult CheckDocument(ImageRun& run, const testing::Matcher<const Image&>& matcher,
                          std::vector<Finding> leaks, std::string well) {
  const Image& image = run.image();
  CheckResult result;
  const Answer answer = Ask(image, matcher, ClaimOf(matcher));
  result.status = StatusOf(answer.matches);
  result.message = answer.message;
  for (Finding& leak : leaks) {
    CheckFinding found;
    found.redacted = Redacted(leak.value);
    found.recover = RecoverCommand(image, leak);
    found.finding = std::move(leak);
    result.findings.push_back(std::move(found));
  }
  ApplyAllow(run.policy(), &result);
  const std::string allowed = AllowedText(result.findings);
  if (answer.matches) result.detail = std::move(well) + (allowed.empty() ? "" : ", " + allowed);
  const auto first = std::find_if(result.findings.begin(), result.findings.end(), IsError);
  if (first == result.findings.end()) return result;
  const Finding& leak = first->finding;
  result.detail = Printable(leak.field) + ": " +
                  (leak.name.empty() ? "" : Printable(leak.name) + "=") + first->redacted +
                  AndMore(CountErrors(result.findings));
  return result;
}

CheckResult CheckHistory(ImageRun& run) {
  const Image& image = run.image();
  const CleanOptions options = OptionsOf(run.policy(), run.policy().history_names);
  return CheckDocument(run, HasCleanHistory(options), FindHistoryLeaks(image, options),
                       Counted(image.history().size(), "step"));
}

CheckResult CheckConfig(ImageRun& run) {
  const Image& image = run.image();
  const CleanOptions options = OptionsOf(run.policy(), run.policy().config_names);
  return CheckDocument(run, HasCleanConfig(options), FindConfigLeaks(image, options),
                       Counted(image.config().env.size(), "variable") + ", " +
                           Counted(image.config().labels.size(), "label"));
}

// The library's matchers that the policy names.
CheckResult CheckClaim(const Image& image, const Claim& claim) {
  CheckResult result;
  for (const auto& matcher : claim.matchers) {
    const std::string text = ClaimOf(matcher);
    const Answer answer = Ask(image, matcher, text);
    if (result.detail.empty()) result.detail = text;
    if (answer.matches) continue;
    result.claims.push_back({text, answer.reason, answer.message, ""});
  }
  result.status = StatusOf(result.claims.empty());
  if (result.claims.empty()) {
    result.detail += AndMore(claim.matchers.size());
  } else {
    TellClaims(&result);
  }
  return result;
}

}  // namespace

CheckStatus StatusOf(bool passed) { return passed ? CheckStatus::kPassed : CheckStatus::kFailed; }

const char* ToString(CheckStatus status) {
  switch (status) {
    case CheckStatus::kPassed:
      return "passed";
    case CheckStatus::kFailed:
      return "failed";
    case CheckStatus::kSkipped:
      return "skipped";
  }
  return "";
}

std::vector<Check> ChecksOf(const Policy& policy) {
  std::vector<Check> checks = {{kIntact, false, CheckIntact},
                               {kNoLeakedFile, false, CheckFiles},
                               {kHistoryClean, false, CheckHistory},
                               {kConfigClean, false, CheckConfig}};
  for (std::size_t i = 0; i < policy.claims.size(); ++i) {
    checks.push_back({policy.claims[i].name, false, [i](ImageRun& run) {
                        return CheckClaim(run.image(), run.policy().claims[i]);
                      }});
  }
  if (!policy.secrets.empty()) checks.push_back({kNoLeakedValue, true, CheckValues});
  checks.push_back({kNoSecrets, true, CheckSecrets});
  std::erase_if(checks,
                [&policy](const Check& check) { return policy.off.count(check.name) != 0; });
  return checks;
}

void FailUnsearched(CheckResult* result) {
  if (result->status == CheckStatus::kSkipped) {
    result->status = CheckStatus::kFailed;
    result->message = "Expected: runs\n  Actual: " + result->message;
    return;
  }
  if (result->notes.empty()) return;
  if (result->status == CheckStatus::kPassed) {
    result->message = "Expected: searches every part\n  Actual: ";
  } else {
    result->message += "\n  And it ";
  }
  result->status = CheckStatus::kFailed;
  result->message += "left out " + Counted(result->notes.size(), "part") + ":";
  for (const Note& note : result->notes) result->message += "\n    " + NoteText(note);
}

}  // namespace watertight::cli
