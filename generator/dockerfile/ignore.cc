#include "generator/dockerfile/ignore.h"

#include <re2/re2.h>

#include <algorithm>

#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/pattern_syntax.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// Docker means to escape {, | and } too, but its table has no room for them: a|b is an alternative.
constexpr std::string_view kEscaped = ".+()$";

// One pattern per line, as the ignore file is read before any pattern is looked at.
std::string CleanLine(std::string_view line) {
  const bool exception = line.starts_with('!');
  if (exception) line = Trim(line.substr(1));
  std::string pattern;
  if (!line.empty()) {
    pattern = CleanPath(line);
    if (pattern.size() > 1 && pattern[0] == '/') pattern.erase(0, 1);
  }
  return exception ? "!" + pattern : pattern;
}

}  // namespace

// Patterns without special characters, and those that only begin or end with **, are compared as
// text; all others become a regular expression.
struct IgnoreFile::Pattern {
  enum class Kind { kExact, kPrefix, kSuffix, kRegex };

  explicit Pattern(std::string pattern);

  bool Matches(const std::string& path) const {
    switch (kind) {
      case Kind::kExact:
        return path == text;
      case Kind::kPrefix:
        return path.starts_with(text.substr(0, text.size() - 2));
      case Kind::kSuffix: {
        const std::string suffix = text.substr(2);
        return path.ends_with(suffix) || (suffix.starts_with('/') && path == suffix.substr(1));
      }
      case Kind::kRegex:
        if (!regex->ok()) throw Error("syntax error in pattern");
        return RE2::PartialMatch(path, *regex);
    }
    return false;
  }

  bool exception = false;
  std::string text;
  Kind kind = Kind::kExact;
  std::unique_ptr<RE2> regex;

 private:
  void Compile();
  size_t CompileStar(const std::u32string& runes, size_t at, std::string& expression);
};

IgnoreFile::Pattern::Pattern(std::string pattern) : text(std::move(pattern)) {
  if (text[0] == '!') {
    if (text.size() == 1) throw Error("illegal exclusion pattern: \"!\"");
    exception = true;
    text.erase(0, 1);
  }
  if (!IsAcceptedPattern(text)) throw Error("syntax error in pattern");
  Compile();
}

// Returns where the rest begins.
size_t IgnoreFile::Pattern::CompileStar(const std::u32string& runes, size_t at,
                                        std::string& expression) {
  const bool first = at == 0;
  if (at + 1 == runes.size() || runes[at + 1] != U'*') {
    expression += "[^/]*";
    kind = Kind::kRegex;
    return at + 1;
  }
  at += 2;
  if (at < runes.size() && runes[at] == U'/') ++at;  // **/ is the same as **
  if (at == runes.size()) {
    if (kind == Kind::kExact) {
      kind = Kind::kPrefix;
    } else {
      expression += ".*";
      kind = Kind::kRegex;
    }
  } else {
    expression += "(.*/)?";
    kind = Kind::kRegex;
  }
  if (first) kind = Kind::kSuffix;
  return at;
}

void IgnoreFile::Pattern::Compile() {
  const std::u32string runes = Decode(text);
  std::string expression = "^";
  for (size_t at = 0; at < runes.size();) {
    const char32_t rune = runes[at];
    if (rune == U'*') {
      at = CompileStar(runes, at, expression);
      continue;
    }
    ++at;
    if (rune == U'?') {
      expression += "[^/]";
      kind = Kind::kRegex;
    } else if (rune == U'\\' && at < runes.size()) {
      expression += '\\';
      Append(expression, runes[at++]);
      kind = Kind::kRegex;
    } else if (rune == U'[' || rune == U']') {
      Append(expression, rune);
      kind = Kind::kRegex;
    } else {
      const bool special =
          rune == U'\\' ||
          (rune < 0x80 && kEscaped.find(static_cast<char>(rune)) != std::string_view::npos);
      if (special) expression += '\\';
      Append(expression, rune);
    }
  }
  if (kind != Kind::kRegex) return;
  regex = std::make_unique<RE2>(expression + "$", RE2::Quiet);
}

IgnoreFile::IgnoreFile(std::vector<std::string> patterns) : patterns_(std::move(patterns)) {
  for (const std::string& pattern : patterns_) {
    const std::string_view trimmed = Trim(pattern);
    if (!trimmed.empty()) compiled_.push_back(std::make_shared<Pattern>(CleanPath(trimmed)));
  }
}

bool IgnoreFile::has_exceptions() const {
  return std::ranges::any_of(compiled_, [](const auto& pattern) { return pattern->exception; });
}

bool IgnoreFile::Ignores(std::string_view path) const {
  std::vector<std::string> with_parents = {std::string(path)};
  for (size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/', slash + 1)) {
    with_parents.emplace_back(path.substr(0, slash));
  }
  bool ignored = false;
  for (const auto& pattern : compiled_) {
    if (pattern->exception != ignored) continue;  // it could change nothing
    const bool matches = std::ranges::any_of(
        with_parents, [&](const std::string& each) { return pattern->Matches(each); });
    if (matches) ignored = !pattern->exception;
  }
  return ignored;
}

IgnoreFile ParseIgnoreFile(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  std::vector<std::string> patterns;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const std::string_view trimmed = Trim(line);
    if (line.starts_with('#') || trimmed.empty()) continue;
    patterns.push_back(CleanLine(trimmed));
  }
  return IgnoreFile(std::move(patterns));
}

}  // namespace watertight::generator
