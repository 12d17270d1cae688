#include "cli/structure_tests/patterns.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "framework/image/path.h"

namespace watertight::cli {
namespace {

constexpr std::int64_t kMemory = std::int64_t{64} << 20;

// Bytes of the pattern's first token; a token of several bytes is one in which brackets mean
// nothing.
std::size_t TokenLength(std::string_view rest, bool in_class) {
  const auto to = [&](std::string_view end) {
    const std::size_t found = rest.find(end, 2);
    return found == std::string_view::npos ? rest.size() : found + end.size();
  };
  if (rest.starts_with("\\Q") && !in_class) return to("\\E");
  if (rest.starts_with("\\")) return std::min<std::size_t>(2, rest.size());
  if (in_class) return rest.starts_with("[:") && rest.find(":]") != rest.npos ? to(":]") : 1;
  if (!rest.starts_with("[")) return 1;
  // "]" is a member where it stands first.
  const std::size_t head = rest.starts_with("[^") ? 2 : 1;
  return rest.substr(head).starts_with("]") ? head + 1 : head;
}

// The pattern in the words of RE2's library, which knows "(?P<name>" only, and has "\C", which Go
// has not: nullopt for what only the library takes.
std::optional<std::string> Translated(std::string_view pattern) {
  std::string translated;
  bool in_class = false;
  while (!pattern.empty()) {
    if (pattern.starts_with("\\C")) return std::nullopt;
    const std::string_view token = pattern.substr(0, TokenLength(pattern, in_class));
    translated += token;
    const bool named = !in_class && pattern.starts_with("(?<");
    in_class = in_class ? token != "]" : token.starts_with("[");
    pattern.remove_prefix(token.size());
    if (named) {
      translated += "?P";
      pattern.remove_prefix(1);
    }
  }
  return translated;
}

}  // namespace

PatternVerdict Try(const std::string& pattern, std::string_view text) {
  const std::optional<std::string> translated = Translated(pattern);
  if (!translated) return PatternVerdict::kNoPattern;
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMemory);
  const RE2 compiled(*translated, options);
  if (!compiled.ok()) return PatternVerdict::kNoPattern;
  return RE2::PartialMatch({text.data(), text.size()}, compiled) ? PatternVerdict::kMatches
                                                                 : PatternVerdict::kDiffers;
}

std::string GoText(std::string bytes) { return IsUtf8(bytes) ? std::move(bytes) : ToUtf8(bytes); }

std::vector<std::string> Mismatches(const std::string& file, const std::string& text,
                                    const std::vector<TestPattern>& expected,
                                    const std::vector<TestPattern>& excluded) {
  std::vector<std::string> lines;
  const auto add = [&](const TestPattern& pattern, PatternVerdict wrong, const char* verb) {
    const PatternVerdict verdict = Try(pattern.text, text);
    if (verdict == PatternVerdict::kNoPattern) {
      lines.emplace_back(
          YamlError(file, pattern.place, Printable(pattern.text) + " is no pattern").what());
    } else if (verdict == wrong) {
      lines.push_back(verb + Printable(pattern.text));
    }
  };
  for (const TestPattern& pattern : expected) add(pattern, PatternVerdict::kDiffers, "lacks ");
  for (const TestPattern& pattern : excluded) add(pattern, PatternVerdict::kMatches, "holds ");
  return lines;
}

}  // namespace watertight::cli
