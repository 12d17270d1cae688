#include "cli/checks.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <sstream>

#include "cli/check_work.h"
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

CheckResult CheckIntact(const Image& image, const Work& /*work*/) {
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
CheckResult CheckDocument(const Image& image, const Work& work,
                          const testing::Matcher<const Image&>& matcher, std::vector<Finding> leaks,
                          std::string well) {
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
  ApplyAllow(work, &result.findings);
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

CheckResult CheckHistory(const Image& image, const Work& work) {
  const CleanOptions options = OptionsOf(work.policy, work.policy.history_names);
  return CheckDocument(image, work, HasCleanHistory(options), FindHistoryLeaks(image, options),
                       Counted(image.history().size(), "step"));
}

CheckResult CheckConfig(const Image& image, const Work& work) {
  const CleanOptions options = OptionsOf(work.policy, work.policy.config_names);
  return CheckDocument(image, work, HasCleanConfig(options), FindConfigLeaks(image, options),
                       Counted(image.config().env.size(), "variable") + ", " +
                           Counted(image.config().labels.size(), "label"));
}

CheckFinding FoundBySearch(const Image& image, Finding finding, std::string about) {
  CheckFinding found;
  found.about = std::move(about);
  found.redacted = Redacted(finding.value);
  found.recover = RecoverCommand(image, finding);
  found.fate = FateOf(image, finding);
  found.finding = std::move(finding);
  return found;
}

void AddUnsearched(const ValueSearch& search, CheckResult* result) {
  result->notes = search.notes;
  if (search.notes.empty()) return;
  if (!result->detail.empty()) result->detail += "; ";
  result->detail += Counted(search.notes.size(), "part") + " not searched or not listed";
}

CheckResult CheckValues(const Image& image, const std::vector<Secret>& secrets,
                        ValueSearch search) {
  CheckResult result;
  const testing::Matcher<const Image&> matcher = NeverContainsIn(secrets, search);
  const Answer answer = Ask(image, matcher, ClaimOf(matcher));
  result.status = StatusOf(answer.matches);
  result.message = answer.message;
  result.detail = Counted(secrets.size(), "value");
  if (!search.findings.empty()) {
    const Finding& first = search.findings.front();
    result.detail =
        PlaceText(first) + ": " + Redacted(first.value) + AndMore(search.findings.size());
  }
  AddUnsearched(search, &result);
  for (Finding& finding : search.findings) {
    result.findings.push_back(FoundBySearch(image, std::move(finding), ""));
  }
  return result;
}

// "app/.env: github-pat, ghp_… (40 bytes, 4f1a09c2)".
std::string SecretDetail(const std::vector<CheckFinding>& findings) {
  std::size_t count = 0;
  std::size_t below = 0;
  const Finding* first = nullptr;
  for (const CheckFinding& found : findings) {
    if (!IsError(found) && found.finding.allowed.empty()) ++below;
    if (IsError(found) && count++ == 0) first = &found.finding;
  }
  if (first == nullptr) {
    const std::string allowed = AllowedText(findings);
    if (below == 0) return allowed;
    return Counted(below, "finding") + " below an error" + (allowed.empty() ? "" : ", " + allowed);
  }
  return PlaceText(*first) + ": " + first->rule + ", " + Redacted(first->value) + AndMore(count);
}

// The same place of a document, in part at least.
bool IsSamePlace(const Finding& a, const Finding& b) {
  return a.blob == b.blob && a.field == b.field && a.layer == b.layer && a.path == b.path &&
         a.offset < b.offset + b.length && b.offset < a.offset + a.length && !a.field.empty();
}

// Moves what the checks before list to told; the names of these checks for what would fail, in
// order.
std::vector<std::string> DropTold(const std::vector<CheckResult>& before,
                                  std::vector<Finding>* findings, std::vector<Finding>* told) {
  std::vector<std::string> tellers;
  std::erase_if(*findings, [&](const Finding& finding) {
    const auto teller = std::find_if(before.begin(), before.end(), [&](const CheckResult& result) {
      return std::any_of(
          result.findings.begin(), result.findings.end(),
          [&](const CheckFinding& other) { return IsSamePlace(other.finding, finding); });
    });
    if (teller == before.end()) return false;
    const bool named = std::find(tellers.begin(), tellers.end(), teller->name) != tellers.end();
    if (finding.level == Level::kError && !named) tellers.push_back(teller->name);
    told->push_back(finding);
    return true;
  });
  return tellers;
}

// "HistoryClean and ConfigClean tell".
std::string TellText(const std::vector<std::string>& tellers) {
  std::string text = tellers.front();
  for (std::size_t i = 1; i < tellers.size(); ++i) text += " and " + tellers[i];
  return text + (tellers.size() == 1 ? " tells" : " tell");
}

// What the finding is, beside its rule.
std::string AboutOf(const Finding& finding, const Policy& policy) {
  if (!finding.package.empty()) return "from the " + finding.package;
  for (const SecretRule& rule : policy.options.rules()) {
    if (rule.id == finding.rule) return rule.title;
  }
  return "";
}

// A secret of the history is told once; the image fails here too.
CheckResult CheckSecrets(const Image& image, const Work& work, ValueSearch search,
                         const std::vector<CheckResult>& before) {
  CheckResult result;
  AddCounts(search.of_rules, &work.use->of_rules);
  AddCounts(search.of_allowed, &work.use->of_allowed);
  const std::vector<std::string> tellers = DropTold(before, &search.findings, &result.told);
  const testing::Matcher<const Image&> matcher = HasNoSecretsIn(search);
  const Answer answer = Ask(image, matcher, ClaimOf(matcher));
  result.status = StatusOf(answer.matches && tellers.empty());
  result.message = answer.message;
  if (!tellers.empty()) {
    if (answer.matches) {
      std::ostringstream text;
      text << "Expected: " << ClaimOf(matcher) << "\n  Actual: ";
      PrintTo(image, &text);
      result.message = text.str() + ", which holds no other than what " + TellText(tellers) + ".";
    } else {
      result.message += "\n  Beside these there is what " + TellText(tellers) + ".";
    }
  }
  for (Finding& finding : search.findings) {
    std::string about = AboutOf(finding, work.policy);
    result.findings.push_back(FoundBySearch(image, std::move(finding), std::move(about)));
  }
  if (!result.findings.empty()) result.detail = SecretDetail(result.findings);
  if (answer.matches && !tellers.empty()) result.detail = "what " + TellText(tellers);
  AddUnsearched(search, &result);
  return result;
}

// The library's matchers that the policy names.
CheckResult CheckClaim(const Image& image, const Claim& claim) {
  CheckResult result;
  std::size_t failed = 0;
  for (const auto& matcher : claim.matchers) {
    const std::string text = ClaimOf(matcher);
    const Answer answer = Ask(image, matcher, text);
    if (result.detail.empty() || (!answer.matches && failed == 0)) result.detail = text;
    if (answer.matches) continue;
    result.message += (failed == 0 ? "" : "\n") + answer.message;
    ++failed;
  }
  result.status = StatusOf(failed == 0);
  result.detail += AndMore(failed == 0 ? claim.matchers.size() : failed);
  return result;
}

struct Check {
  const char* name;
  CheckResult (*run)(const Image& image, const Work& work);
};
constexpr Check kBesideSearches[] = {{kIntact, CheckIntact},
                                     {kNoLeakedFile, CheckFiles},
                                     {kHistoryClean, CheckHistory},
                                     {kConfigClean, CheckConfig}};

using Clock = std::chrono::steady_clock;

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

std::vector<CheckResult> RunChecks(const Image& image, const Policy& policy, PolicyUse* use) {
  const Work work{policy, use};
  use->of_rules.resize(policy.options.rules().size());
  use->of_allowed.resize(policy.options.allowed().size());
  std::vector<CheckResult> results;
  const auto add = [&](const char* name, double seconds, const auto& run) {
    const Clock::time_point start = Clock::now();
    CheckResult result = run();
    result.name = name;
    result.seconds = seconds + std::chrono::duration<double>(Clock::now() - start).count();
    results.push_back(std::move(result));
  };
  // First, since this pass over the bytes computes the digests for the others too, and since no
  // message may show what it finds.
  Wanted wanted;
  if (policy.off.count(kNoSecrets) == 0) wanted.secrets = &policy.options;
  wanted.values = policy.secrets;
  const Clock::time_point start = Clock::now();
  WantedSearch search;
  if (wanted.secrets != nullptr || !wanted.values.empty()) search = FindAndHash(image, wanted);
  const double searching = std::chrono::duration<double>(Clock::now() - start).count();
  const std::vector<Finding> none;
  const AlsoHidden hidden(search.secrets ? search.secrets->findings : none);
  const AlsoHidden hidden_values(search.values ? search.values->findings : none);
  for (const Check& check : kBesideSearches) {
    if (policy.off.count(check.name) != 0) continue;
    add(check.name, 0, [&] { return check.run(image, work); });
  }
  for (const Claim& claim : policy.claims) {
    add(claim.name.c_str(), 0, [&] { return CheckClaim(image, claim); });
  }
  if (search.values) {
    add(kNoLeakedValue, searching,
        [&] { return CheckValues(image, policy.secrets, std::move(*search.values)); });
  }
  if (search.secrets) {
    add(kNoSecrets, search.values ? 0 : searching,
        [&] { return CheckSecrets(image, work, std::move(*search.secrets), results); });
  }
  return results;
}

void FailUnsearched(std::vector<CheckResult>* results) {
  for (CheckResult& result : *results) {
    if (result.status == CheckStatus::kSkipped) {
      result.status = CheckStatus::kFailed;
      result.message = "Expected: runs\n  Actual: " + result.message;
      continue;
    }
    if (result.notes.empty()) continue;
    if (result.status == CheckStatus::kPassed) {
      result.message = "Expected: searches every part\n  Actual: ";
    } else {
      result.message += "\n  And it ";
    }
    result.status = CheckStatus::kFailed;
    result.message += "left out " + Counted(result.notes.size(), "part") + ":";
    for (const Note& note : result.notes) result.message += "\n    " + NoteText(note);
  }
}

}  // namespace watertight::cli
