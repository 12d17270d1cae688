#include "framework/scan/rules/providers_form.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "framework/scan/lazy_pattern.h"
#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/rule_set.h"
#include "framework/scan/secret_values.h"

namespace watertight {
namespace {

// Sent to every browser, or the digest of what is.
constexpr std::string_view kPublicBegins[] = {"pk_live_", "pk_test_", "pk.eyJ",  "sha256-",
                                              "sha384-",  "sha512-",  "https://"};

bool IsToken(const Rule& rule) {
  constexpr std::string_view kTokens[] = {"vcs",  "ai",   "registry", "payment",
                                          "chat", "saas", "cloud",    "encryption-key"};
  return std::find(std::begin(kTokens), std::end(kTokens), rule.family) != std::end(kTokens);
}

// All of the alphabet but for one character or two, of letters of one case and digits.
bool IsNearly(std::string_view value, std::string_view alphabet, std::size_t least,
              std::size_t most) {
  if (value.size() < least || value.size() > most) return false;
  std::size_t others = 0;
  for (const char c : value) {
    const bool lower = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (!lower) return false;
    others += alphabet.find(c) == std::string_view::npos ? 1 : 0;
  }
  return others == 1 || others == 2;
}

bool IsNearlyUuid(std::string_view value) {
  return value.size() == 36 && value[8] == '-' && value[13] == '-' && value[18] == '-' &&
         value[23] == '-';
}

// Three parts, the first of which is base64 of a number: Discord's.
bool IsNearlyDiscord(std::string_view value) {
  const std::size_t first = value.find('.');
  const std::size_t second = first == value.npos ? value.npos : value.find('.', first + 1);
  return second != value.npos && first >= 23 && first <= 28 && second - first == 7 &&
         value.size() - second > 27;
}

bool EndsInRegion(std::string_view value) {  // Mailchimp's "-us20"
  constexpr std::size_t kDigits = 32;
  const std::size_t at = value.rfind("-us");
  return at != value.npos && value.size() - at <= 5 && at + 1 >= kDigits && at <= kDigits + 1;
}

// Three parts with a header of JSON: a web token, or nearly one. Of five parts is an encrypted one,
// which no rule knows.
bool IsNearlyWebToken(std::string_view value) {
  return value.starts_with("eyJ") && std::count(value.begin(), value.end(), '.') < 4;
}

// The pattern with any character in the place of a class, and one more or less of each.
std::string Loosened(std::string_view pattern) {
  constexpr std::string_view kAny = R"([^\s"'<>])";
  std::string loose;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\' && at + 1 < pattern.size()) {
      const char kind = pattern[++at];
      loose += kind == 'w' ? std::string(kAny) : std::string{c, kind};
    } else if (c == '[') {
      while (at + 1 < pattern.size() && pattern[++at] != ']') {
        if (pattern[at] == '\\') ++at;
      }
      loose += kAny;
    } else if (c == '{') {
      const std::size_t end = pattern.find('}', at);
      const std::string counts(pattern.substr(at + 1, end - at - 1));
      const std::size_t comma = counts.find(',');
      const int least = std::stoi(counts);
      const std::string most = comma == counts.npos ? counts : counts.substr(comma + 1);
      loose += "{" + std::to_string(std::max(0, least - 1)) + "," +
               (most.empty() ? "" : std::to_string(std::stoi(most) + 1)) + "}";
      at = end;
    } else {
      loose += c;
    }
  }
  return loose;
}

struct TokenForm {
  std::size_t rule = 0;
  std::string literal;
  bool begins = false;  // the literal is the begin of the token
  std::shared_ptr<const LazyPattern> loose;
};

const std::vector<TokenForm>& TokenForms() {
  static const auto* forms = [] {
    auto* all = new std::vector<TokenForm>;
    const RuleSet& rules = RuleSet::BuiltIn();
    std::map<std::size_t, std::shared_ptr<const LazyPattern>> loose;
    for (const RuleSet::Lead& lead : rules.leads()) {
      const Rule& rule = rules.rows()[lead.rule];
      if (!IsToken(rule) || !rules.IsWhole(lead.rule)) continue;
      auto& pattern = loose[lead.rule];
      if (pattern == nullptr) {
        pattern = std::make_shared<const LazyPattern>(Loosened(rule.pattern));
      }
      all->push_back({lead.rule, lead.literal, rule.reach == 0, pattern});
    }
    return all;
  }();
  return *forms;
}

// It has the literal of a token, and its length: whatever the token's check says of it.
bool IsNearlyToken(std::string_view value, const TokenForm& form) {
  const bool led = form.begins ? value.starts_with(form.literal)
                               : value.find(form.literal) != std::string_view::npos;
  return led && re2::RE2::FullMatch({value.data(), value.size()}, form.loose->Get());
}

bool IsNearlyToken(std::string_view value) {
  const auto& forms = TokenForms();
  return std::any_of(forms.begin(), forms.end(),
                     [value](const TokenForm& form) { return IsNearlyToken(value, form); });
}

bool HasForm(std::string_view value) {
  const auto begins = [value](std::string_view begin) { return value.starts_with(begin); };
  return std::any_of(std::begin(kPublicBegins), std::end(kPublicBegins), begins) ||
         IsNearlyWebToken(value) || IsNearly(value, "0123456789abcdef", 24, 1024) ||
         IsNearly(value, "abcdefghijklmnopqrstuvwxyz234567", 52, 52) || IsNearlyUuid(value) ||
         IsNearlyDiscord(value) || EndsInRegion(value) || IsNearlyToken(value);
}

// The ways of hiding that go letter by letter.
std::vector<std::string> Unhidden(std::string_view value) {
  std::vector<std::string> texts = {std::string(value.rbegin(), value.rend()), std::string(value)};
  for (char& c : texts.back()) {
    const char first = c >= 'a' && c <= 'z' ? 'a' : c >= 'A' && c <= 'Z' ? 'A' : '\0';
    if (first != '\0') c = static_cast<char>(first + (c - first + 13) % 26);
  }
  return texts;
}

}  // namespace

bool HasProvidersForm(std::string_view value) {
  constexpr int kDeepest = 2;
  if (HasForm(value) || HasForm(WithoutPercent(value))) return true;
  for (const std::string& text : Unhidden(value)) {
    if (IsNearlyToken(text)) return true;
  }
  // What is base64 or hexadecimal of text is judged inside, where the name of the outer value
  // proves nothing.
  std::string text(value);
  std::string bytes;
  for (int depth = 0; depth < kDeepest && (DecodeHex(text, &bytes) || DecodeBase64(text, &bytes));
       ++depth) {
    const bool printable =
        std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!printable) return false;
    if (HasForm(bytes) || IsReference(bytes)) return true;
    text = bytes;
  }
  return false;
}

bool IsHiddenToken(std::string_view value) {
  const RuleSet& rules = RuleSet::BuiltIn();
  for (const std::string& text : Unhidden(value)) {
    for (const TokenForm& form : TokenForms()) {
      if (IsNearlyToken(text, form) && rules.IsAllOf(form.rule, text)) return true;
    }
  }
  return false;
}

bool IsUnissuedToken(std::string_view value) {
  const RuleSet& rules = RuleSet::BuiltIn();
  const auto& forms = TokenForms();
  return IsNearlyToken(value) &&
         std::none_of(forms.begin(), forms.end(), [&](const TokenForm& form) {
           return IsNearlyToken(value, form) && rules.IsAllOf(form.rule, value);
         });
}

}  // namespace watertight
