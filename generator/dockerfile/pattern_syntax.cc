#include "generator/dockerfile/pattern_syntax.h"

#include <optional>

#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

// A pattern up to its next star.
struct Part {
  bool star = false;  // a star stands in front
  std::string_view text;
};

Part TakePart(std::string_view& pattern) {
  Part part;
  for (; pattern.starts_with('*'); pattern.remove_prefix(1)) part.star = true;
  bool in_brackets = false;
  size_t size = 0;
  for (; size < pattern.size(); ++size) {
    const char c = pattern[size];
    if (c == '*' && !in_brackets) break;
    if (c == '[') in_brackets = true;
    if (c == ']') in_brackets = false;
    if (c == '\\' && size + 1 < pattern.size()) ++size;
  }
  part.text = pattern.substr(0, size);
  pattern.remove_prefix(size);
  return part;
}

struct BadPattern {};

// Matches one part at the beginning of a name, and reads it to its end in any case.
class PartMatcher {
 public:
  PartMatcher(std::string_view part, std::string_view name) : part_(part), name_(name) {}

  // What is left of the name; nothing when it does not match. Throws: BadPattern.
  std::optional<std::string_view> Run() {
    while (!part_.empty()) {
      failed_ = failed_ || name_.empty();
      if (part_[0] == '[')
        MatchBrackets();
      else if (part_[0] == '?')
        MatchAny();
      else
        MatchCharacter();
    }
    if (failed_) return std::nullopt;
    return name_;
  }

 private:
  char32_t TakeRune() {
    if (failed_) return 0;
    const Rune rune = DecodeRune(name_, 0);
    name_.remove_prefix(rune.size);
    return rune.value;
  }

  void MatchAny() {
    part_.remove_prefix(1);
    if (!failed_ && name_[0] == '/') failed_ = true;
    TakeRune();
  }

  void MatchCharacter() {
    if (part_[0] == '\\') part_.remove_prefix(1);
    if (part_.empty()) throw BadPattern();
    if (!failed_) {
      failed_ = part_[0] != name_[0];
      name_.remove_prefix(1);
    }
    part_.remove_prefix(1);
  }

  void MatchBrackets() {
    const char32_t rune = TakeRune();
    part_.remove_prefix(1);
    const bool negated = part_.starts_with('^');
    if (negated) part_.remove_prefix(1);
    bool match = false;
    for (int ranges = 0; !(part_.starts_with(']') && ranges > 0); ++ranges) {
      const char32_t first = TakeBound();
      char32_t last = first;
      if (part_[0] == '-') {
        part_.remove_prefix(1);
        last = TakeBound();
      }
      match = match || (first <= rune && rune <= last);
    }
    part_.remove_prefix(1);
    failed_ = failed_ || match == negated;
  }

  // One end of a range; something has to follow it.
  char32_t TakeBound() {
    if (part_.empty() || part_[0] == '-' || part_[0] == ']') throw BadPattern();
    if (part_[0] == '\\') part_.remove_prefix(1);
    if (part_.empty()) throw BadPattern();
    const Rune rune = DecodeRune(part_, 0);
    part_.remove_prefix(rune.size);
    const bool invalid = rune.value == kReplacement && rune.size == 1;
    if (invalid || part_.empty()) throw BadPattern();
    return rune.value;
  }

  std::string_view part_;
  std::string_view name_;
  bool failed_ = false;
};

// The name behind the part, when the part matches where the name begins or, after a star, later.
std::optional<std::string_view> Advance(const Part& part, std::string_view name, bool last) {
  const auto fits = [last](const std::optional<std::string_view>& rest) {
    return rest && (!last || rest->empty());
  };
  auto rest = PartMatcher(part.text, name).Run();
  if (fits(rest) || !part.star) return fits(rest) ? rest : std::nullopt;
  for (size_t i = 0; i < name.size() && name[i] != '/'; ++i) {
    rest = PartMatcher(part.text, name.substr(i + 1)).Run();
    if (fits(rest)) return rest;
  }
  return std::nullopt;
}

}  // namespace

bool IsAcceptedPattern(std::string_view pattern) {
  std::string_view name = ".";
  try {
    while (!pattern.empty()) {
      const Part part = TakePart(pattern);
      if (part.star && part.text.empty()) return true;
      const auto rest = Advance(part, name, pattern.empty());
      if (!rest) return true;
      name = *rest;
    }
  } catch (const BadPattern&) {
    return false;
  }
  return true;
}

}  // namespace watertight::generator
