#include "framework/scan/allowances.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "framework/image/path.h"
#include "framework/image/sha256.h"
#include "framework/scan/field_error.h"
#include "framework/scan/wildcard.h"
#include "watertight/error.h"

namespace watertight {
namespace {

constexpr std::size_t kFingerprintDigits = 8;

// For messages: "rule jwt-hs, path srv/**".
bool IsFingerprint(const std::string& text) {
  return text.size() == kFingerprintDigits &&
         text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::string Described(const AllowedFinding& allowed) {
  std::string text;
  const auto add = [&text](const char* what, const std::string& value) {
    if (!value.empty()) text += (text.empty() ? "" : ", ") + (what + Printable(value));
  };
  add("rule ", allowed.rule);
  add("path ", allowed.path);
  // What is none may be the value itself, pasted by mistake.
  if (IsFingerprint(allowed.fingerprint)) add("fingerprint ", allowed.fingerprint);
  return text;
}

}  // namespace

std::string FingerprintOf(const std::string& value) {
  return Sha256Digest(value).substr(std::strlen("sha256:"), kFingerprintDigits);
}

void CheckAllowed(const AllowedFinding& allowed) {
  const std::string text = Described(allowed);
  const auto refuse = [&text](const char* field, const std::string& why) {
    throw FieldError(field,
                     "allowed finding" + (text.empty() ? "" : " (" + text + ")") + ": " + why);
  };
  const std::string& fingerprint = allowed.fingerprint;
  if (!fingerprint.empty() && !IsFingerprint(fingerprint)) {
    constexpr std::size_t kOfFinding = 16;
    const bool of_finding = fingerprint.size() == kOfFinding &&
                            fingerprint.find_first_not_of("0123456789abcdef") == std::string::npos;
    refuse("fingerprint",
           of_finding ? "these 16 digits are one finding's, for baselines; give the eight of the "
                        "value, which stand at the end of `redacted`, as in (17 bytes, 4f1a09c2)"
                      : "a fingerprint is eight digits of 0-9 and a-f, as messages show them");
  }
  if (text.empty()) refuse("", "give its rule, its path or its fingerprint");
  if (allowed.reason.find_first_not_of(" \t\r\n") == std::string::npos) {
    refuse("reason", "give the reason why it may stand there");
  }
  try {
    if (!allowed.path.empty()) Glob{allowed.path};
  } catch (const Error& error) {
    refuse("path", error.what());
  }
}

Allowances::Allowances(const std::vector<AllowedFinding>& allowed) {
  for (const AllowedFinding& one : allowed) {
    entries_.push_back({one, std::nullopt});
    if (!one.path.empty()) entries_.back().path.emplace(one.path);
  }
}

bool Allowances::Fits(const Entry& entry, const Finding& finding, const std::string& fingerprint) {
  const AllowedFinding& allowed = entry.allowed;
  if (!allowed.rule.empty() && !MatchesWildcard(allowed.rule, finding.rule)) return false;
  if (entry.path && (finding.path.empty() || !entry.path->Matches(finding.path))) return false;
  return allowed.fingerprint.empty() || allowed.fingerprint == fingerprint;
}

std::vector<std::size_t> Allowances::Apply(std::vector<Finding>* findings) const {
  std::vector<std::size_t> counts(entries_.size());
  const bool by_value = std::any_of(entries_.begin(), entries_.end(), [](const Entry& entry) {
    return !entry.allowed.fingerprint.empty();
  });
  for (Finding& finding : *findings) {
    const std::string fingerprint = by_value ? FingerprintOf(finding.value) : "";
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (!Fits(entries_[i], finding, fingerprint)) continue;
      ++counts[i];
      if (!finding.allowed.empty()) continue;
      finding.allowed = entries_[i].allowed.reason;
      finding.level = Level::kNote;
    }
  }
  return counts;
}

}  // namespace watertight
