#include "generator/dockerfile/shell_pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::u32string_view kSpecial = U"[]{}.+()|^$";

[[noreturn]] void ThrowBadEscape(const std::string& pattern, char32_t escaped) {
  std::string shown;
  Append(shown, escaped);
  throw Error("invalid pattern (" + pattern + ") in substitution: invalid escape '\\" + shown +
              "'");
}

// \* and \? and \\ stand for themselves; the backslash before } and / only got them past ${…}.
std::string ToRegex(const std::string& pattern, bool greedy) {
  const std::u32string runes = Decode(pattern);
  std::u32string regex;
  for (size_t i = 0; i < runes.size(); ++i) {
    const char32_t rune = runes[i];
    if (rune == U'*') {
      regex += greedy ? U".*" : U".*?";
    } else if (rune == U'?') {
      regex += U'.';
    } else if (rune == U'\\') {
      const char32_t next = i + 1 < runes.size() ? runes[i + 1] : kReplacement;
      if (next == U'}' || next == U'/') continue;
      if (next != U'*' && next != U'?' && next != U'\\') ThrowBadEscape(pattern, next);
      regex += {U'\\', next};
      ++i;
    } else {
      if (kSpecial.find(rune) != std::u32string_view::npos) regex += U'\\';
      regex += rune;
    }
  }
  return Encode(regex);
}

class Regex {
 public:
  Regex(const std::string& pattern, bool greedy) : re_(ToRegex(pattern, greedy), RE2::Quiet) {
    if (!re_.ok()) {
      throw Error("invalid pattern (" + pattern + ") in substitution: " + re_.error());
    }
  }

  // Where it matches, from `at` on.
  std::optional<std::pair<size_t, size_t>> Find(const std::string& text, size_t at,
                                                RE2::Anchor anchor) const {
    re2::StringPiece match;
    if (!re_.Match(text, at, text.size(), anchor, &match, 1)) return std::nullopt;
    const auto begin = static_cast<size_t>(match.data() - text.data());
    return std::pair(begin, begin + match.size());
  }

 private:
  RE2 re_;
};

// An escaped character keeps its backslash in front.
std::string ReversePattern(const std::string& pattern) {
  const std::u32string runes = Decode(pattern);
  std::u32string reversed;
  for (size_t i = runes.size(); i > 0; --i) reversed += runes[i - 1];
  for (size_t i = 0; i + 1 < runes.size(); ++i) {
    if (runes[i] != U'\\') continue;
    std::swap(reversed[runes.size() - 1 - i], reversed[runes.size() - 2 - i]);
    ++i;
  }
  return Encode(reversed);
}

std::string Reverse(const std::string& text) {
  std::u32string runes = Decode(text);
  std::ranges::reverse(runes);
  return Encode(runes);
}

bool IsNamePart(char32_t rune) { return IsLetter(rune) || IsDigit(rune) || rune == U'_'; }

// $0 and ${0} stand for the match, $$ for a dollar; every other reference is empty. This is Go's
// regexp template, which ${x//a/b} lets through.
std::string ExpandTemplate(const std::string& replacement, std::string_view match) {
  const std::u32string runes = Decode(replacement);
  std::string expanded;
  for (size_t i = 0; i < runes.size(); ++i) {
    if (runes[i] != U'$') {
      Append(expanded, runes[i]);
      continue;
    }
    if (i + 1 < runes.size() && runes[i + 1] == U'$') {
      expanded += '$';
      ++i;
      continue;
    }
    const bool brace = i + 1 < runes.size() && runes[i + 1] == U'{';
    size_t end = i + 1 + (brace ? 1 : 0);
    const size_t begin = end;
    while (end < runes.size() && IsNamePart(runes[end])) ++end;
    if (end == begin || (brace && (end == runes.size() || runes[end] != U'}'))) {
      expanded += '$';  // no reference: a dollar like any other
      continue;
    }
    if (std::u32string_view(runes).substr(begin, end - begin) == U"0") expanded += match;
    i = brace ? end : end - 1;
  }
  return expanded;
}

std::string ReplaceAll(const Regex& regex, const std::string& replacement,
                       const std::string& value) {
  std::string replaced;
  size_t copied = 0;
  for (size_t at = 0; at <= value.size();) {
    const auto match = regex.Find(value, at, RE2::UNANCHORED);
    if (!match) break;
    const auto [begin, end] = *match;
    replaced += value.substr(copied, begin - copied);
    if (end > copied || begin == 0) {  // no empty match right behind another match
      replaced += ExpandTemplate(replacement, std::string_view(value).substr(begin, end - begin));
    }
    copied = end;
    const size_t width = at < value.size() ? DecodeRune(value, at).size : 1;
    at = at + width > end ? at + width : end;
  }
  return copied < value.size() ? replaced + value.substr(copied) : replaced;
}

}  // namespace

std::string TrimPrefix(const std::string& pattern, const std::string& value, bool greedy) {
  const auto match = Regex(pattern, greedy).Find(value, 0, RE2::ANCHOR_START);
  return match ? value.substr(match->second) : value;
}

std::string TrimSuffix(const std::string& pattern, const std::string& value, bool greedy) {
  return Reverse(TrimPrefix(ReversePattern(pattern), Reverse(value), greedy));
}

std::string ReplacePattern(const std::string& pattern, const std::string& replacement,
                           const std::string& value, bool all) {
  const Regex regex(pattern, true);
  if (all) return ReplaceAll(regex, replacement, value);
  const auto match = regex.Find(value, 0, RE2::UNANCHORED);
  if (!match) return value;
  return value.substr(0, match->first) + replacement + value.substr(match->second);
}

}  // namespace watertight::generator
