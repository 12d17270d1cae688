#include "framework/scan/rules/own_rule.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "framework/image/path.h"
#include "framework/scan/field_error.h"
#include "framework/scan/rules/pattern_holds.h"
#include "framework/scan/rules/token_checks.h"
#include "framework/scan/spelling.h"

namespace watertight {
namespace {

constexpr std::size_t kShortestLiteral = 3;
constexpr std::size_t kReach = 256;
constexpr std::int64_t kPatternBytes = std::int64_t{1} << 20;  // of memory, for each pattern
constexpr int kMostGroups = 3;
constexpr std::size_t kLongestId = 64;
constexpr double kMostEntropy = 8;

[[noreturn]] void Refuse(const SecretRule& rule, const char* field, const std::string& why) {
  throw FieldError(field, "rule " + Printable(rule.id) + ": " + why);
}

void CheckId(const SecretRule& rule) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz0123456789-";
  const std::string& id = rule.id;
  if (id.empty()) throw FieldError("id", "a rule without an id");
  if (id.size() > kLongestId || id.find_first_not_of(kLetters) != std::string::npos ||
      id.front() == '-') {
    Refuse(rule, "id", "an id is of a-z, 0-9 and dashes, at most 64 of them");
  }
  if (id.starts_with("generic-") || id == "known-value") {
    Refuse(rule, "id", "such an id is one of the built-in rules; take another, such as own-" + id);
  }
}

std::shared_ptr<const re2::RE2> Compiled(const SecretRule& rule) {
  if (rule.pattern.empty()) Refuse(rule, "pattern", "give its pattern");
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  options.set_max_mem(kPatternBytes);
  auto pattern = std::make_shared<const re2::RE2>("(?m)" + rule.pattern, options);
  if (!pattern->ok()) {
    const re2::RE2 alone(rule.pattern, options);  // whose message names the pattern as it is
    const std::string& why = alone.ok() ? pattern->error() : alone.error();
    Refuse(rule, "pattern", "RE2 refuses its pattern: " + Printable(why));
  }
  if (pattern->NumberOfCapturingGroups() > kMostGroups) {
    Refuse(rule, "pattern",
           "its pattern has more than three groups; write (?:…) where none is the value");
  }
  return pattern;
}

// What every match begins with, as far as RE2 tells.
std::string BeginOf(const re2::RE2& pattern) {
  constexpr int kLongest = 16;
  std::string least;
  std::string most;
  if (!pattern.PossibleMatchRange(&least, &most, kLongest)) return "";
  const auto differ = std::mismatch(least.begin(), least.end(), most.begin(), most.end());
  return {least.begin(), differ.first};
}

void CheckLiteral(const SecretRule& rule, const std::string& literal) {
  const std::string shown = "its literal \"" + Printable(literal) + "\" ";
  if (literal.size() < kShortestLiteral) {
    Refuse(rule, "literals",
           shown + "has under 3 bytes, and would be met everywhere: give a longer one");
  }
  if (literal.find_first_not_of(literal.front()) == std::string::npos) {
    Refuse(rule, "literals", shown + "is one character alone, as fills files: give another");
  }
}

// Around a lead that stands in no match, the pattern is tried in vain.
void CheckLeads(const OwnRule& own) {
  const auto may_stand = [&own](const std::string& lead) {
    return MayHold(own.rule.pattern, lead);
  };
  if (own.rule.literals.empty() || std::any_of(own.leads.begin(), own.leads.end(), may_stand)) {
    return;
  }
  const std::string shown = "\"" + Printable(own.rule.literals.front()) + "\"";
  Refuse(own.rule, "literals",
         (own.rule.literals.size() == 1
              ? "its literal " + shown + " stands in no match"
              : "none of its literals, such as " + shown + ", stands in a match") +
             " of its pattern: give one that stands in every match");
}

void SetLeads(OwnRule* own) {
  const std::string begin = BeginOf(*own->pattern);
  std::vector<std::string> literals = own->rule.literals;
  if (literals.empty()) {
    if (begin.size() < kShortestLiteral) {
      Refuse(own->rule, "pattern",
             "its pattern begins with no fixed text of 3 bytes or more: give literals, one of "
             "which stands in every match");
    }
    literals.push_back(begin);
  }
  for (const std::string& literal : literals) {
    CheckLiteral(own->rule, literal);
    const std::string lead = literal.substr(0, kLongestAnchor);
    if (!begin.starts_with(lead)) own->reach = kReach;
    const bool known = std::find(own->leads.begin(), own->leads.end(), lead) != own->leads.end();
    if (!known) own->leads.push_back(lead);
  }
}

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

}  // namespace

OwnRule ReadyRule(SecretRule rule) {
  CheckId(rule);
  if (!(rule.entropy >= 0 && rule.entropy <= kMostEntropy)) {
    Refuse(rule, "entropy", "its entropy is one of 0 to 8 bits for each byte");
  }
  for (std::string& word : rule.stop_words) {
    if (word.empty()) Refuse(rule, "stop_words", "one of its stop words is empty");
    word = LowerCase(word);
  }
  OwnRule own;
  own.pattern = Compiled(rule);
  own.rule = std::move(rule);
  SetLeads(&own);
  CheckLeads(own);
  return own;
}

bool IsValueOf(const OwnRule& own, std::string_view value) {
  if (own.rule.entropy > 0 && Entropy(value) < own.rule.entropy) return false;
  if (own.rule.stop_words.empty()) return true;
  const std::string lower = LowerCase(value);
  return std::none_of(
      own.rule.stop_words.begin(), own.rule.stop_words.end(),
      [&lower](const std::string& word) { return lower.find(word) != std::string::npos; });
}

}  // namespace watertight
