#include "cli/reports/fingerprint.h"

#include <cstring>

#include "framework/image/sha256.h"

namespace watertight::cli {
namespace {

// "history[].created_by" of "history[7].created_by".
std::string WithoutNumbers(const std::string& field) {
  std::string text;
  bool in_index = false;
  for (const char c : field) {
    if (c >= '0' && c <= '9' && in_index) continue;
    in_index = c == '[';
    text += c;
  }
  return text;
}

}  // namespace

std::string StableFingerprint(const Finding& finding) {
  constexpr std::size_t kDigits = 16;
  std::string text;
  const auto add = [&text](const std::string& part) { text += part + '\0'; };
  add(finding.rule);
  add(ToString(finding.carrier));
  add(finding.path);
  add(WithoutNumbers(finding.field));
  for (const std::string& member : finding.nested) add(member);
  add(Sha256Digest(finding.value));
  return Sha256Digest(text).substr(std::strlen("sha256:"), kDigits);
}

std::string FingerprintOf(const CheckFinding& found) {
  return found.fingerprint.empty() ? StableFingerprint(found.finding) : found.fingerprint;
}

}  // namespace watertight::cli
