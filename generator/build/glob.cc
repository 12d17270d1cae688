#include "generator/build/glob.h"

#include <optional>

#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

// A character of a class, or of an escape. Nothing for a malformed pattern.
std::optional<char32_t> TakeClassRune(std::string_view& pattern) {
  if (pattern.empty() || pattern[0] == '-' || pattern[0] == ']') return std::nullopt;
  if (pattern[0] == '\\') {
    pattern.remove_prefix(1);
    if (pattern.empty()) return std::nullopt;
  }
  const Rune rune = DecodeRune(pattern, 0);
  if (rune.value == kReplacement && rune.size == 1) return std::nullopt;
  pattern.remove_prefix(rune.size);
  if (pattern.empty()) return std::nullopt;
  return rune.value;
}

// Takes [class] off the pattern. Nothing for a malformed one.
std::optional<bool> TakeClass(std::string_view& pattern, char32_t rune) {
  pattern.remove_prefix(1);
  const bool negated = pattern.starts_with('^');
  if (negated) pattern.remove_prefix(1);
  bool found = false;
  for (int ranges = 0;; ++ranges) {
    if (pattern.starts_with(']') && ranges > 0) break;
    const auto low = TakeClassRune(pattern);
    if (!low) return std::nullopt;
    char32_t high = *low;
    if (pattern.starts_with('-')) {
      pattern.remove_prefix(1);
      const auto end = TakeClassRune(pattern);
      if (!end) return std::nullopt;
      high = *end;
    }
    found = found || (*low <= rune && rune <= high);
  }
  pattern.remove_prefix(1);
  return found != negated;
}

// Takes one element other than a star off both. False: no match, or malformed.
bool TakeOne(std::string_view& pattern, std::string_view& path) {
  if (path.empty()) return false;
  if (pattern[0] == '[') {
    const Rune rune = DecodeRune(path, 0);
    path.remove_prefix(rune.size);
    return TakeClass(pattern, rune.value).value_or(false);
  }
  if (pattern[0] == '?') {
    if (path[0] == '/') return false;
    path.remove_prefix(DecodeRune(path, 0).size);
    pattern.remove_prefix(1);
    return true;
  }
  if (pattern[0] == '\\') pattern.remove_prefix(1);
  if (pattern.empty() || pattern[0] != path[0]) return false;
  pattern.remove_prefix(1);
  path.remove_prefix(1);
  return true;
}

}  // namespace

bool HasWildcards(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '*' || text[i] == '?' || text[i] == '[') {
      return true;
    }
  }
  return false;
}

bool MatchesGlob(std::string_view pattern, std::string_view path) {
  // Where the last star stood, to try again with one more character in it.
  std::string_view star_pattern;
  std::string_view star_path;
  bool star = false;
  while (!pattern.empty() || !path.empty()) {
    if (pattern.starts_with('*')) {
      pattern.remove_prefix(1);
      star = true;
      star_pattern = pattern;
      star_path = path;
      continue;
    }
    if (!pattern.empty() && TakeOne(pattern, path)) continue;
    if (!star || star_path.empty() || star_path[0] == '/') return false;
    star_path.remove_prefix(1);
    pattern = star_pattern;
    path = star_path;
  }
  return true;
}

SplitGlob SplitAtWildcard(std::string_view path) {
  const std::string clean = CleanPath(path);
  for (size_t begin = 0; begin < clean.size();) {
    const size_t end = std::min(clean.find('/', begin), clean.size());
    if (HasWildcards(std::string_view(clean).substr(begin, end - begin))) {
      return {CleanPath(clean.substr(0, begin)), clean.substr(begin)};
    }
    begin = end + 1;
  }
  return {clean, ""};
}

}  // namespace watertight::generator
