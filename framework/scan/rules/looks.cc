#include "framework/scan/rules/looks.h"

#include <algorithm>

namespace watertight {
namespace {

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): clang-tidy 14

bool IsOneOf(std::string_view characters, char c) {
  return characters.find(c) != std::string_view::npos;
}

bool ContinuesName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}

}  // namespace

bool FollowsLineEnd(std::string_view text, std::size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
  return at == 0 || text[at - 1] == '\n' || text[at - 1] == '\0';
}

bool MayNameValue(std::string_view text, std::size_t at) {
  const auto skip_one_of = [&](std::string_view characters) {
    if (at < text.size() && IsOneOf(characters, text[at])) ++at;
  };
  while (at < text.size() && ContinuesName(text[at])) ++at;
  skip_one_of("\\");
  skip_one_of("\"'");
  skip_one_of("]");
  while (at < text.size() && IsOneOf(" \t\n\f\r"sv, text[at])) ++at;
  return at < text.size() && IsOneOf("=:>(<{,vV"sv, text[at]);
}

bool FollowsDigits(std::string_view text, std::size_t at) {
  constexpr std::size_t kDigits = 32;
  if (at < kDigits) return false;
  const std::string_view digits = text.substr(at - kDigits, kDigits);
  return std::all_of(digits.rbegin(), digits.rend(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool FollowsKeySize(std::string_view text, std::size_t at) {
  return text.substr(0, at).ends_with("K 8\n");
}

bool FollowsHost(std::string_view text, std::size_t at) {
  constexpr std::size_t kReach = 256;
  const std::string_view before = text.substr(0, at).substr(at - std::min(at, kReach));
  return before.find("machine") != std::string_view::npos ||
         before.find("default") != std::string_view::npos;
}

}  // namespace watertight
