// The checks that are made of the search.

#include <gmock/gmock.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "cli/check_work.h"
#include "cli/image_run.h"
#include "cli/text.h"
#include "framework/matchers/made_search.h"
#include "framework/scan/fate.h"
#include "framework/scan/finding_text.h"
#include "framework/scan/recovery.h"
#include "framework/scan/wildcard.h"
#include "watertight/leaks.h"

namespace watertight::cli {
namespace {

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

}  // namespace

CheckResult CheckValues(ImageRun& run) {
  const Image& image = run.image();
  const std::vector<Secret>& secrets = run.policy().secrets;
  ValueSearch search = *run.search().values;
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

namespace {

// "app/.env: github-pat, ghp_… (40 bytes, 4f1a09c2)".
std::string SecretDetail(const std::vector<CheckFinding>& findings) {
  std::size_t count = 0;
  const Finding* first = nullptr;
  for (const CheckFinding& found : findings) {
    if (IsError(found) && count++ == 0) first = &found.finding;
  }
  if (first == nullptr) return BelowErrorText(findings);
  return PlaceText(*first) + ": " + first->rule + ", " + Redacted(first->value) + AndMore(count);
}

// The same place of a document, in part at least.
bool IsSamePlace(const Finding& a, const Finding& b) {
  return a.blob == b.blob && a.field == b.field && a.layer == b.layer && a.path == b.path &&
         a.offset < b.offset + b.length && b.offset < a.offset + a.length && !a.field.empty();
}

// Checks that list what they find in documents.
constexpr const char* kTellers[] = {kHistoryClean, kConfigClean, kNoLeakedValue};

// Moves what these checks list to told; their names for what would fail, in
// order.
std::vector<std::string> DropTold(const std::vector<const CheckResult*>& before,
                                  std::vector<Finding>* findings, std::vector<Finding>* told) {
  std::vector<std::string> tellers;
  std::erase_if(*findings, [&](const Finding& finding) {
    const auto teller = std::find_if(before.begin(), before.end(), [&](const CheckResult* result) {
      return std::any_of(
          result->findings.begin(), result->findings.end(),
          [&](const CheckFinding& other) { return IsSamePlace(other.finding, finding); });
    });
    if (teller == before.end()) return false;
    const bool named = std::find(tellers.begin(), tellers.end(), (*teller)->name) != tellers.end();
    if (finding.level == Level::kError && !named) tellers.push_back((*teller)->name);
    told->push_back(finding);
    return true;
  });
  return tellers;
}

bool IsNamed(const std::vector<std::string>& names, const Finding& finding) {
  return std::any_of(names.begin(), names.end(), [&finding](const std::string& name) {
    return MatchesWildcard(name, finding.name);
  });
}

// Takes out the values of names that the policy's options for HistoryClean and ConfigClean say are
// no secrets. What is of a kind stays, whatever its name.
void DropNamed(const Image& image, const Policy& policy, std::vector<Finding>* findings) {
  if (policy.history_names.empty() && policy.config_names.empty()) return;
  std::vector<Finding> named;
  const auto add = [&named](const std::vector<std::string>& names, std::vector<Finding> leaks) {
    for (Finding& leak : leaks) {
      if (IsNamed(names, leak)) named.push_back(std::move(leak));
    }
  };
  add(policy.history_names, FindHistoryLeaks(image));
  add(policy.config_names, FindConfigLeaks(image));
  std::erase_if(*findings, [&](const Finding& finding) {
    if (!finding.rule.starts_with("generic-")) return false;
    const bool copy = finding.carrier == Carrier::kBlob && !finding.layer && !finding.name.empty();
    if (copy && (IsNamed(policy.history_names, finding) || IsNamed(policy.config_names, finding))) {
      return true;  // in a document that nothing refers to
    }
    return std::any_of(named.begin(), named.end(),
                       [&finding](const Finding& leak) { return IsSamePlace(leak, finding); });
  });
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

}  // namespace

// A secret of the history is told once; the image fails here too.
CheckResult CheckSecrets(ImageRun& run) {
  const Image& image = run.image();
  ValueSearch search = *run.search().secrets;
  DropNamed(image, run.policy(), &search.findings);
  CheckResult result;
  result.of_rules = search.of_rules;
  result.of_allowed = search.of_allowed;
  std::vector<const CheckResult*> before;
  for (const char* teller : kTellers) {
    if (const CheckResult* const told = run.ResultOf(teller)) before.push_back(told);
  }
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
    std::string about = AboutOf(finding, run.policy());
    result.findings.push_back(FoundBySearch(image, std::move(finding), std::move(about)));
  }
  if (!result.findings.empty()) result.detail = SecretDetail(result.findings);
  if (answer.matches && !tellers.empty()) result.detail = "what " + TellText(tellers);
  AddUnsearched(search, &result);
  return result;
}

}  // namespace watertight::cli
