#include "framework/scan/rules/providers_form.h"

#include <algorithm>
#include <string>

#include "framework/scan/rules/checksums.h"
#include "framework/scan/rules/rule_set.h"
#include "framework/scan/secret_values.h"

namespace watertight {
namespace {

// Sent to every browser, and marks inside of tokens.
constexpr std::string_view kPublicBegins[] = {"pk_live_", "pk_test_", "pk.eyJ",   "sha256-",
                                              "sha384-",  "sha512-",  "https://", "eyJ"};
constexpr std::string_view kMarks[] = {"T3BlbkFJ", ".atlasv1.", "8Q~",  "7Q~",  "JQQJ99", "+ASt",
                                       "ACDb",     "AzFu",      "AzCa", "AzSe", "+ABa",   "+ASb",
                                       "+AEh",     "+ARm",      "+ACR", "APIM", "AIoT",   ":AA"};

bool IsToken(const Rule& rule) {
  constexpr std::string_view kTokens[] = {"vcs",  "ai",   "registry", "payment",
                                          "chat", "saas", "cloud"};
  return std::find(std::begin(kTokens), std::end(kTokens), rule.family) != std::end(kTokens);
}

// All of the alphabet but for one character or two, of letters of one case and digits.
bool IsNearly(std::string_view value, std::string_view alphabet, std::size_t least) {
  if (value.size() < least) return false;
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
  const std::size_t at = value.rfind("-us");
  return at != value.npos && value.size() - at <= 5 && value.size() >= 32;
}

bool HasForm(std::string_view value) {
  constexpr std::size_t kShortest = 3;
  const RuleSet& rules = RuleSet::BuiltIn();
  const auto begins = [value](std::string_view begin) { return value.starts_with(begin); };
  if (std::any_of(std::begin(kPublicBegins), std::end(kPublicBegins), begins)) return true;
  for (const std::string_view mark : kMarks) {
    if (value.find(mark) != std::string_view::npos) return true;
  }
  if (IsNearly(value, "0123456789abcdef", 24) ||
      IsNearly(value, "abcdefghijklmnopqrstuvwxyz234567", 52) || IsNearlyUuid(value) ||
      IsNearlyDiscord(value) || EndsInRegion(value)) {
    return true;
  }
  return std::any_of(rules.leads().begin(), rules.leads().end(), [&](const RuleSet::Lead& lead) {
    return lead.literal.size() >= kShortest && rules.IsToken(lead.rule) &&
           IsToken(rules.rows()[lead.rule]) && value.starts_with(lead.literal);
  });
}

std::string WithoutPercent(std::string_view value) {
  std::string plain;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const auto hex = [&](std::size_t i) {
      constexpr std::string_view kDigits = "0123456789abcdef0123456789ABCDEF";
      return i < value.size() ? kDigits.find(value[i]) : kDigits.npos;
    };
    const bool escape = value[at] == '%' && hex(at + 1) != std::string_view::npos &&
                        hex(at + 2) != std::string_view::npos;
    plain += escape ? static_cast<char>((hex(at + 1) & 15) << 4 | (hex(at + 2) & 15)) : value[at];
    if (escape) at += 2;
  }
  return plain;
}

}  // namespace

bool HasProvidersForm(std::string_view value) {
  constexpr int kDeepest = 2;
  if (HasForm(value) || HasForm(WithoutPercent(value))) return true;
  // What is base64 of text is judged inside, where the name of the outer value proves nothing.
  std::string text(value);
  std::string bytes;
  for (int depth = 0; depth < kDeepest && DecodeBase64(text, &bytes); ++depth) {
    const bool printable =
        std::all_of(bytes.begin(), bytes.end(), [](char c) { return c >= ' ' && c <= '~'; });
    if (!printable) return false;
    if (HasForm(bytes) || IsReference(bytes)) return true;
    text = bytes;
  }
  return false;
}

}  // namespace watertight
