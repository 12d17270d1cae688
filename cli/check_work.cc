#include "cli/check_work.h"

#include <algorithm>
#include <sstream>
#include <string_view>
#include <utility>

#include "cli/text.h"
#include "framework/matchers/verdict.h"
#include "framework/scan/allowances.h"

namespace watertight::cli {

namespace {

// Of "which has 3 layers" and "whose user is …", without a table below.
std::string ReasonOf(const std::string& explanation) {
  std::string reason = explanation.substr(0, explanation.find('\n'));
  if (reason.ends_with(':')) reason.pop_back();
  constexpr std::string_view kWhich = "which ";
  constexpr std::string_view kWhose = "whose ";
  if (reason.starts_with(kWhich)) return reason.substr(kWhich.size());
  if (reason.starts_with(kWhose)) return "its " + reason.substr(kWhose.size());
  return reason;
}

}  // namespace

Answer Ask(const Image& image, const testing::Matcher<const Image&>& matcher,
           const std::string& claim) {
  const SilentUnknown silent;
  testing::StringMatchResultListener listener;
  Answer answer;
  answer.matches = matcher.MatchAndExplain(image, &listener);
  if (answer.matches) return answer;
  std::ostringstream text;
  text << "Expected: " << claim << "\n  Actual: ";
  PrintTo(image, &text);
  text << ", " << listener.str();
  answer.message = text.str();
  answer.reason = ReasonOf(listener.str());
  return answer;
}

std::string ClaimOf(const testing::Matcher<const Image&>& matcher) {
  std::ostringstream text;
  matcher.DescribeTo(&text);
  return text.str();
}

void TellClaims(CheckResult* result) {
  std::size_t failed = 0;
  result->message.clear();
  for (const FailedClaim& claim : result->claims) {
    if (!claim.allowed.empty()) continue;
    if (failed == 0) result->detail = claim.reason + "; expected: " + claim.text;
    result->message += (failed == 0 ? "" : "\n") + claim.message;
    ++failed;
  }
  result->detail += AndMore(failed);
}

std::string AndMore(std::size_t count) {
  return count <= 1 ? "" : ", and " + Thousands(count - 1) + " more";
}

void ApplyAllow(const Policy& policy, CheckResult* result) {
  std::vector<Finding> plain;
  for (CheckFinding& found : result->findings) plain.push_back(std::move(found.finding));
  result->of_allowed = Allowances(policy.options.allowed()).Apply(&plain);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    result->findings[i].finding = std::move(plain[i]);
  }
}

bool IsError(const CheckFinding& found) { return found.finding.level == Level::kError; }

std::string AllowedText(const std::vector<CheckFinding>& findings) {
  const auto allowed = std::count_if(findings.begin(), findings.end(), [](const auto& found) {
    return !found.finding.allowed.empty();
  });
  if (allowed == 0) return "";
  return Counted(static_cast<std::size_t>(allowed), "finding") + " allowed";
}

std::string BelowErrorText(const std::vector<CheckFinding>& findings) {
  const auto below = std::count_if(findings.begin(), findings.end(), [](const auto& found) {
    return !IsError(found) && found.finding.allowed.empty();
  });
  const std::string allowed = AllowedText(findings);
  if (below == 0) return allowed;
  return Counted(static_cast<std::size_t>(below), "finding") + " below an error" +
         (allowed.empty() ? "" : ", " + allowed);
}

std::size_t CountErrors(const std::vector<CheckFinding>& findings) {
  return static_cast<std::size_t>(std::count_if(findings.begin(), findings.end(), IsError));
}

}  // namespace watertight::cli
