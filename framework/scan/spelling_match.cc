#include "framework/scan/spelling_match.h"

#include <algorithm>

namespace watertight {
namespace {

// Longer runs of line ends and indentation are no break inside of a value.
constexpr std::size_t kLongestBreak = 256;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool Equal(std::string_view text, const Form& form) {
  if (!form.caseless) return text == form.text();
  return std::equal(text.begin(), text.end(), form.bytes.begin(),
                    [](char a, char b) { return Lower(a) == Lower(b); });
}

bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsLineEnd(char c) { return c == '\n' || c == '\r'; }

struct Break {
  std::size_t size = 0;
  bool escaped = false;
};

// Of a line end at the begin of the text, escaped or not; 0 when there is none.
Break LineEndAt(std::string_view text) {
  if (text.empty()) return {};
  if (IsLineEnd(text[0])) return {1, false};
  std::size_t slashes = 0;
  while (slashes < text.size() && slashes < 8 && text[slashes] == '\\') ++slashes;
  if (slashes == 0 || slashes == text.size()) return {};
  if (text[slashes] == 'n' || text[slashes] == 'r') return {slashes + 1, true};
  return {};
}

Break LineEndBefore(std::string_view text) {
  if (text.empty()) return {};
  if (IsLineEnd(text.back())) return {1, false};
  if (text.back() != 'n' && text.back() != 'r') return {};
  std::size_t slashes = 0;
  while (slashes + 1 < text.size() && slashes < 8 && text[text.size() - 2 - slashes] == '\\') {
    ++slashes;
  }
  if (slashes == 0) return {};
  return {slashes + 1, true};
}

// Of what separates bytes in hexadecimal digits.
std::size_t SeparatorAt(std::string_view text) {
  if (text.empty()) return 0;
  if (text.starts_with("0x") || text.starts_with("0X")) return 2;
  return std::string_view(" \t:,;-").find(text[0]) != std::string_view::npos ? 1 : 0;
}

std::size_t SeparatorBefore(std::string_view text) {
  if (text.empty()) return 0;
  if (text.ends_with("0x") || text.ends_with("0X")) return 2;
  return std::string_view(" \t:,;-").find(text.back()) != std::string_view::npos ? 1 : 0;
}

// The break at the begin of the text.
Break BreakAt(std::string_view text, Breaks kind) {
  text = text.substr(0, kLongestBreak);
  Break found;
  bool lines = kind == Breaks::kBlanks;
  while (found.size < text.size()) {
    const Break end = LineEndAt(text.substr(found.size));
    if (end.size > 0) {
      lines = true;
      found.escaped |= end.escaped;
      found.size += end.size;
    } else if (kind == Breaks::kHex && SeparatorAt(text.substr(found.size)) > 0) {
      found.size += SeparatorAt(text.substr(found.size));
    } else if (lines && IsBlank(text[found.size])) {
      ++found.size;
    } else {
      break;
    }
  }
  return found;
}

// The break at the end of the text.
Break BreakBefore(std::string_view text, Breaks kind) {
  Break found;
  bool lines = kind != Breaks::kLines;
  while (found.size < std::min(text.size(), kLongestBreak)) {
    const std::string_view rest = text.substr(0, text.size() - found.size);
    const Break end = LineEndBefore(rest);
    if (end.size > 0) {
      lines = true;
      found.escaped |= end.escaped;
      found.size += end.size;
    } else if (kind == Breaks::kHex && SeparatorBefore(rest) > 0) {
      found.size += SeparatorBefore(rest);
    } else if (IsBlank(rest.back())) {
      ++found.size;
    } else {
      break;
    }
  }
  return lines ? found : Break{};
}

// What a comment, a quotation or a list puts before each of its lines.
std::string_view MarksOfLine(std::string_view before) {
  constexpr std::string_view kMarks = "#>*+|;/%!-";
  constexpr std::size_t kLongest = 12;
  const std::size_t line_end = before.rfind('\n');
  std::string_view line = before.substr(line_end == std::string_view::npos ? 0 : line_end + 1);
  std::size_t size = 0;
  bool any = false;
  while (size < std::min(line.size(), kLongest)) {
    const bool mark = kMarks.find(line[size]) != std::string_view::npos;
    if (!mark && !IsBlank(line[size])) break;
    any |= mark;
    ++size;
  }
  return any ? line.substr(0, size) : std::string_view();
}

std::string_view WithoutBlanksBehind(std::string_view text) {
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

// Blanks, or line ends, each with the prefix behind it.
Break MarkedBreakAt(std::string_view text, std::string_view prefix) {
  const std::string_view bare = WithoutBlanksBehind(prefix);
  std::size_t size = 0;
  while (size < kLongestBreak) {
    while (size < text.size() && IsBlank(text[size])) ++size;
    const std::string_view rest = text.substr(size);
    const std::size_t line_end = rest.starts_with("\r\n") ? 2 : rest.starts_with("\n") ? 1 : 0;
    if (line_end == 0 || !rest.substr(line_end).starts_with(bare)) break;
    size += line_end + bare.size();
  }
  return {size, false};
}

Break MarkedBreakBefore(std::string_view text, std::string_view prefix) {
  const std::string_view bare = WithoutBlanksBehind(prefix);
  std::string_view rest = WithoutBlanksBehind(text);
  while (text.size() - rest.size() < kLongestBreak && rest.ends_with(bare)) {
    std::string_view line = rest.substr(0, rest.size() - bare.size());
    if (!line.ends_with('\n')) break;
    line.remove_suffix(line.ends_with("\r\n") ? 2 : 1);
    rest = WithoutBlanksBehind(line);
  }
  return {text.size() - rest.size(), false};
}

class Matcher {
 public:
  Matcher(const Spelling& spelling, const TextWindow& window)
      : spelling_(spelling), window_(window) {}

  SpellingMatch Around(std::size_t unit, std::size_t at) {
    SpellingMatch match = Attempt(unit, at);
    if (match.fit != Fit::kNo || spelling_.breaks() != Breaks::kBlanks) return match;
    const std::string_view marks = MarksOfLine(window_.bytes.substr(0, at));
    for (std::size_t size = marks.size(); size > 0 && match.fit == Fit::kNo; --size) {
      prefix_ = marks.substr(0, size);
      match = Attempt(unit, at);
    }
    return match;
  }

 private:
  SpellingMatch Attempt(std::size_t unit, std::size_t at) {
    SpellingMatch match;
    marks_ = 0;
    match.begin = match.end = at;
    if (at > window_.bytes.size()) return match;
    if (!Before(unit, &match.begin)) return match;
    match.fit = Behind(unit, &match.end);
    match.marks = marks_;
    return match;
  }

  bool Before(std::size_t unit, std::size_t* at) {
    while (unit-- > 0) {
      if (spelling_.breaks() != Breaks::kNone) {
        const std::string_view before = window_.bytes.substr(0, *at);
        const Break gap = prefix_.empty() ? BreakBefore(before, spelling_.breaks())
                                          : MarkedBreakBefore(before, prefix_);
        *at -= gap.size;
        Note(gap);
      }
      Load(unit);
      const auto fits = [&](const Form& form) {
        return form.size <= *at && Equal(window_.bytes.substr(*at - form.size, form.size), form);
      };
      const auto form = std::find_if(forms_.begin(), forms_.end(), fits);
      if (form == forms_.end()) return false;
      *at -= form->size;
      marks_ |= form->mark;
    }
    return true;
  }

  Fit Behind(std::size_t unit, std::size_t* at) {
    for (; unit < spelling_.units(); ++unit) {
      if (Lacks(*at, kLongestForm)) return Fit::kUndecided;
      Load(unit);
      if (Take(at)) continue;
      if (spelling_.breaks() == Breaks::kNone) return Fit::kNo;
      const std::string_view behind = window_.bytes.substr(*at);
      const Break gap =
          prefix_.empty() ? BreakAt(behind, spelling_.breaks()) : MarkedBreakAt(behind, prefix_);
      if (gap.size == 0) return Fit::kNo;
      *at += gap.size;
      Note(gap);
      if (Lacks(*at, kLongestForm)) return Fit::kUndecided;
      if (!Take(at)) return Fit::kNo;
    }
    return Fit::kYes;
  }

  bool Lacks(std::size_t at, std::size_t count) const {
    return !window_.ends && window_.bytes.size() - at < count;
  }

  bool Take(std::size_t* at) {
    for (const Form& form : forms_) {
      if (window_.bytes.size() - *at < form.size) continue;
      if (!Equal(window_.bytes.substr(*at, form.size), form)) continue;
      *at += form.size;
      marks_ |= form.mark;
      return true;
    }
    return false;
  }

  void Load(std::size_t unit) {
    forms_.clear();
    spelling_.FormsOf(unit, &forms_);
  }

  void Note(const Break& gap) {
    if (gap.size > 0) marks_ |= kBreak;
    if (gap.escaped) marks_ |= kEscapedBreak;
  }

  const Spelling& spelling_;
  const TextWindow& window_;
  std::string_view prefix_;  // of each line, when it has marks
  Forms forms_;
  std::uint8_t marks_ = 0;
};

}  // namespace

SpellingMatch MatchAround(const Spelling& spelling, std::size_t unit, std::size_t at,
                          const TextWindow& window) {
  return Matcher(spelling, window).Around(unit, at);
}

}  // namespace watertight
