#include "cli/reports/baseline.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <iterator>

#include "cli/check_work.h"
#include "cli/redaction.h"
#include "cli/reports/fingerprint.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "framework/image/sha256.h"
#include "framework/scan/finding_text.h"

namespace watertight::cli {
namespace {

std::string TextOf(const OrderedJson& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

std::string Digits(const std::string& text) {
  constexpr std::size_t kDigits = 16;
  return Sha256Digest(text).substr(std::strlen("sha256:"), kDigits);
}

bool IsReport(const OrderedJson& json) {
  return json.is_object() && TextOf(json, "schema") == "watertight.check/1" &&
         json.contains("findings") && json["findings"].is_array() && json.contains("tests") &&
         json["tests"].is_array();
}

}  // namespace

std::string ClaimFingerprint(const CheckResult& result, const FailedClaim& claim) {
  return Digits(result.name + '\0' + claim.text + '\0');
}

std::string CheckFingerprint(const CheckResult& result) {
  std::string text = result.name + '\0';
  for (const FailedClaim& claim : result.claims) text += claim.text + '\0';
  return Digits(result.claims.empty() ? text + result.detail : text);
}

Baseline Baseline::Read(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw Error(ErrorCode::kNotFound, Printable(file) + ": cannot be opened");
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  const OrderedJson json = OrderedJson::parse(text, nullptr, false);
  if (!IsReport(json)) {
    throw Error(ErrorCode::kBadJson,
                Printable(file) + ": is no report of watertight check --format json");
  }
  Baseline baseline;
  baseline.file_ = file;
  baseline.digest_ = Sha256Digest(text);
  for (const OrderedJson& finding : json["findings"]) {
    baseline.findings_.insert(TextOf(finding, "fingerprint"));
  }
  for (const OrderedJson& test : json["tests"]) {
    if (TextOf(test, "status") == "failed") baseline.claims_.insert(TextOf(test, "fingerprint"));
    const auto claims = test.find("claims");
    if (claims == test.end() || !claims->is_array()) continue;  // an older report has none
    for (const OrderedJson& claim : *claims) {
      baseline.claims_.insert(TextOf(claim, "fingerprint"));
    }
  }
  baseline.findings_.erase("");
  baseline.claims_.erase("");
  return baseline;
}

bool Baseline::Holds(const Finding& finding) const {
  return findings_.count(StableFingerprint(finding)) != 0;
}

void Baseline::ApplyToClaims(CheckResult* result) const {
  const bool all = claims_.count(CheckFingerprint(*result)) != 0;
  std::size_t known = 0;
  for (FailedClaim& claim : result->claims) {
    if (!all && claims_.count(ClaimFingerprint(*result, claim)) == 0) continue;
    claim.allowed = "stands in the baseline " + file_;
    ++known;
  }
  if (known == 0) return;
  if (known == result->claims.size()) {
    result->status = CheckStatus::kPassed;
    result->detail += ", as in the baseline";
    return;
  }
  TellClaims(result);
  result->detail = "new: " + result->detail;
  result->message += "\n  Beside this, " + Counted(known, "claim") + " of the baseline " +
                     (known == 1 ? "fails" : "fail") + " as before.";
}

void Baseline::Apply(CheckResult* result) const {
  if (result->status != CheckStatus::kFailed || result->name == kIntact) return;
  if (!result->claims.empty()) return ApplyToClaims(result);
  const bool claim = CountErrors(result->findings) == 0 && result->told.empty();
  if (claim) {
    if (claims_.count(CheckFingerprint(*result)) == 0) return;
    result->status = CheckStatus::kPassed;
    result->detail += ", as in the baseline";
    return;
  }
  std::size_t known = 0;
  for (CheckFinding& found : result->findings) {
    if (!IsError(found) || !Holds(found.finding)) continue;
    found.finding.level = Level::kNote;
    found.finding.allowed = "stands in the baseline " + file_;
    ++known;
  }
  const auto is_new = [this](const Finding& finding) {
    return finding.level == Level::kError && !Holds(finding);
  };
  const bool any_new = CountErrors(result->findings) > 0 ||
                       std::any_of(result->told.begin(), result->told.end(), is_new);
  if (any_new) {
    if (known > 0) {
      const auto first = std::find_if(result->findings.begin(), result->findings.end(), IsError);
      if (first != result->findings.end()) {
        result->detail = "new: " + PlaceText(first->finding) + ": " + first->finding.rule + ", " +
                         first->redacted + AndMore(CountErrors(result->findings));
      }
      result->message += "\n  Of these, " + Counted(known, "finding") + " of the baseline " +
                         (known == 1 ? "is" : "are") + " known.";
    }
    return;
  }
  result->status = CheckStatus::kPassed;
  result->detail =
      known == 0 ? "what the baseline has" : Counted(known, "finding") + " of the baseline";
}

}  // namespace watertight::cli
