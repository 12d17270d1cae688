#include "framework/matchers/shown_value.h"

#include "framework/image/path.h"
#include "framework/scan/possible_secret.h"
#include "framework/scan/secret_names.h"
#include "framework/scan/step_text.h"
#include "watertight/leaks.h"

namespace watertight {
namespace {

constexpr std::size_t kWidth = 100;

// Whatever could be a secret, proved or not: the message loses little.
std::string WithoutSecrets(const std::string& text) {
  std::vector<PossibleSecret> possible;
  FindAssignments(text, &possible);
  FindByTextRules(text, &possible);
  std::vector<Finding> findings;
  for (const PossibleSecret& secret : possible) {
    Finding finding;
    finding.offset = secret.offset;
    finding.length = secret.length;
    findings.push_back(finding);
  }
  return Redact(text, "", findings);
}

}  // namespace

std::string ShownValue(const std::string& name, const std::string& value) {
  if (ClassifyName(name).rule != nullptr) return Redacted(value);
  return "\"" + Cut(Printable(WithoutSecrets(value)), kWidth) + "\"";
}

std::string ShownWords(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "\"" : ", \"") + Printable(word) + "\"";
  }
  // Together, since an option stands before its value.
  return "{" + Cut(WithoutSecrets(text), 2 * kWidth) + "}";
}

}  // namespace watertight
