#include "generator/build/shell/pattern.h"

#include <array>
#include <cctype>
#include <optional>

namespace watertight::generator::shell {
namespace {

struct CharacterClass {
  std::string_view name;
  int (*contains)(int);
};

constexpr std::array kClasses = {
    CharacterClass{"alnum", std::isalnum}, CharacterClass{"alpha", std::isalpha},
    CharacterClass{"blank", std::isblank}, CharacterClass{"cntrl", std::iscntrl},
    CharacterClass{"digit", std::isdigit}, CharacterClass{"graph", std::isgraph},
    CharacterClass{"lower", std::islower}, CharacterClass{"print", std::isprint},
    CharacterClass{"punct", std::ispunct}, CharacterClass{"space", std::isspace},
    CharacterClass{"upper", std::isupper}, CharacterClass{"xdigit", std::isxdigit},
};

bool IsOfClass(std::string_view name, unsigned char c) {
  for (const CharacterClass& row : kClasses) {
    if (row.name == name) return row.contains(c) != 0;
  }
  return false;
}

// One element of a pattern, matched against one byte.
struct Step {
  std::size_t length = 0;  // of the pattern's text
  bool matches = false;
};

// Of a bracket expression; nothing when it is not closed, so that [ is itself.
std::optional<Step> MatchBrackets(std::string_view pattern, unsigned char c) {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  bool found = false;
  for (bool first = true;; first = false) {
    if (at >= pattern.size()) return {};
    if (pattern[at] == ']' && !first) break;
    if (pattern.substr(at).starts_with("[:")) {
      const std::size_t end = pattern.find(":]", at + 2);
      if (end != pattern.npos) {
        found = found || IsOfClass(pattern.substr(at + 2, end - at - 2), c);
        at = end + 2;
        continue;
      }
    }
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    const auto low = static_cast<unsigned char>(pattern[at++]);
    unsigned char high = low;
    if (at + 1 < pattern.size() && pattern[at] == '-' && pattern[at + 1] != ']') {
      ++at;
      if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
      high = static_cast<unsigned char>(pattern[at++]);
    }
    found = found || (low <= c && c <= high);
  }
  return Step{.length = at + 1, .matches = found != negated};
}

Step MatchOne(std::string_view pattern, char c) {
  if (pattern[0] == '?') return {.length = 1, .matches = true};
  if (pattern[0] == '[') {
    if (const auto step = MatchBrackets(pattern, static_cast<unsigned char>(c))) return *step;
  }
  if (pattern[0] == '\\' && pattern.size() > 1) return {.length = 2, .matches = pattern[1] == c};
  return {.length = 1, .matches = pattern[0] == c};
}

}  // namespace

// After a mismatch, only the last * needs to take one byte more.
bool MatchesPattern(std::string_view pattern, std::string_view text) {
  std::size_t at = 0;
  std::size_t place = 0;
  std::size_t star = pattern.npos;
  std::size_t star_place = 0;
  while (place < text.size()) {
    if (at < pattern.size() && pattern[at] == '*') {
      star = ++at;
      star_place = place;
      continue;
    }
    if (at < pattern.size()) {
      const Step step = MatchOne(pattern.substr(at), text[place]);
      if (step.matches) {
        at += step.length;
        ++place;
        continue;
      }
    }
    if (star == pattern.npos) return false;
    at = star;
    place = ++star_place;
  }
  while (at < pattern.size() && pattern[at] == '*') ++at;
  return at == pattern.size();
}

std::string WithPlainCaret(std::string_view pattern) {
  std::string plain;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) plain += pattern[at++];
    plain += pattern[at];
    if (pattern[at] == '[' && at + 1 < pattern.size() && pattern[at + 1] == '^') plain += '\\';
  }
  return plain;
}

bool IsPattern(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '*' || text[at] == '?' || text[at] == '[') {
      return true;
    }
  }
  return false;
}

std::string WithoutEscapes(std::string_view pattern) {
  std::string text;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    text += pattern[at];
  }
  return text;
}

std::string EscapedPattern(std::string_view text) {
  std::string pattern;
  for (const char c : text) {
    if (std::string_view("\\*?[]!-^").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

}  // namespace watertight::generator::shell
