#include "framework/scan/assignment_words.h"

#include <algorithm>

namespace watertight {
namespace {

constexpr auto kNowhere = std::string_view::npos;

// printf's \n before a name is no letter of it.
bool IsEscapeBefore(std::string_view text, std::size_t begin) {
  if (begin == 0 || text[begin - 1] != '\\') return false;
  const char c = At(text, begin);
  return c == 'n' || c == 't' || c == 'r';
}

// The end of the string that began before from. An escaped quote ends with an escaped quote.
std::size_t StringEnd(std::string_view text, std::size_t from, char quote, bool escaped) {
  constexpr std::size_t kLongest = std::size_t{64} << 10;
  const std::size_t limit = std::min(text.size(), from + kLongest);
  for (std::size_t at = from; at < limit; ++at) {
    if (text[at] == '\\' && quote == '"' && at + 1 < limit) {
      if (escaped && text[at + 1] == quote) return at;
      ++at;
    } else if (text[at] == '\\' && escaped && At(text, at + 1) == quote) {
      return at;
    } else if (text[at] == quote && !escaped) {
      return at;
    }
  }
  return kNowhere;
}

// A word of shell, INI or YAML text. in_members: commas and braces end it.
std::size_t WordEnd(std::string_view text, std::size_t from, bool in_members) {
  // A reference is told by its beginning; to read many of them to one far end would take long.
  constexpr std::size_t kLongestReference = 512;
  const std::size_t limit =
      At(text, from) == '$' ? std::min(text.size(), from + kLongestReference) : text.size();
  std::size_t at = from;
  for (; at < limit; ++at) {
    const char c = text[at];
    if (IsSpace(c) || IsQuote(c) || c == '`' || c == ';' || c == '|' || c == '&' || c == '<' ||
        c == '>' || c == ')' || (c == '(' && at > from)) {
      break;
    }
    if (in_members && (c == ',' || (c == '}' && text[from] != '$'))) break;
    if (c == '\\') {
      const char next = At(text, at + 1);
      if (next == 'n' || next == 'r' || next == 't' || IsQuote(next) || next == '\0') break;
      ++at;
    }
  }
  // A list's or an object's end is no part of a value.
  while (at > from + 1 &&
         (text[at - 1] == ',' || ((text[at - 1] == '}' || text[at - 1] == ']') &&
                                  text.substr(from, at - from).find_first_of("{[") == kNowhere))) {
    --at;
  }
  return at;
}

bool IsLineEnd(std::string_view stop) { return stop.front() == '\\' || stop.front() == '\n'; }

// "name=": what a & or ; before it divides from the value.
bool BeginsPair(std::string_view text) {
  std::size_t at = 0;
  while (IsNameByte(At(text, at)) && at < kLongestName) ++at;
  return at > 0 && At(text, at) == '=';
}

// The rest of the string in which the name stands: "PASSWORD=a b", "X-Token: a". Ends early where
// a line of printf or a parameter of a query does.
Value RestOfString(std::string_view text, std::size_t from, const Name& name) {
  Value value{from, StringEnd(text, from, name.outer, name.escaped), true};
  if (value.end == kNowhere) return Value{from, WordEnd(text, from, false), false};
  const std::string_view rest = text.substr(from, value.end - from);
  for (const std::string_view stop : {"\\n", "\n", "\\r", "&", "; "}) {
    const std::size_t found = rest.find(stop);
    if (found == kNowhere || (!IsLineEnd(stop) && !BeginsPair(rest.substr(found + stop.size())))) {
      continue;
    }
    value.end = std::min(value.end, from + found);
  }
  return value;
}

// The string that such a quote opened before at is still open.
bool IsInside(std::string_view text, std::size_t at, char quote) {
  constexpr std::size_t kFarthest = 4096;
  const std::string_view before =
      text.substr(at - std::min(at, kFarthest), std::min(at, kFarthest));
  return std::count(before.begin(), before.end(), quote) % 2 != 0;
}

}  // namespace

Name NameBefore(std::string_view text, std::size_t at) {
  Name name;
  if (at > 0 && IsQuote(text[at - 1])) {
    name.quote = text[--at];
    if (at > 0 && text[at - 1] == '\\') {
      name.escaped = true;
      --at;
    }
  }
  name.end = at;
  name.begin = at;
  while (name.begin > 0 && IsNameByte(text[name.begin - 1]) && at - name.begin <= kLongestName) {
    --name.begin;
  }
  if (at - name.begin > kLongestName) name.begin = at;
  if (IsEscapeBefore(text, name.begin)) ++name.begin;
  while (name.begin < name.end && (text[name.begin] == '-' || text[name.begin] == '.')) {
    ++name.begin;
  }
  // Java's -Dname=value
  if (name.begin > 0 && text[name.begin - 1] == '-' && text[name.begin] == 'D' &&
      At(text, name.begin + 1) >= 'a' && At(text, name.begin + 1) <= 'z') {
    ++name.begin;
  }
  return name;
}

std::size_t Before(std::string_view text, const Name& name) {
  std::size_t at = name.begin;
  if (at > 1 && text[at - 1] == 'D' && text[at - 2] == '-') --at;
  while (at > 0 && (text[at - 1] == '-' || text[at - 1] == '.')) --at;
  if (name.quote != 0 && at > 0 && text[at - 1] == name.quote) {
    --at;
    if (at > 0 && text[at - 1] == '\\') --at;
  }
  return at;
}

bool IsUse(std::string_view text, std::size_t before) {
  if (before == 0) return false;
  if (text[before - 1] == '$') return true;
  return text[before - 1] == '{' && before > 1 && text[before - 2] == '$';
}

bool BeginsLine(std::string_view text, std::size_t before) {
  while (before > 0 && (IsBlank(text[before - 1]) || text[before - 1] == '-')) --before;
  if (before == 0) return true;
  const char c = text[before - 1];
  if (c == 'n' || c == 't' || c == 'r') return before > 1 && text[before - 2] == '\\';
  return c == '\n' || c == '{' || c == ',' || IsQuote(c);
}

Value ValueAt(std::string_view text, std::size_t from, const Name& name, bool members) {
  const bool escaped = At(text, from) == '\\' && IsQuote(At(text, from + 1));
  const std::size_t open = from + (escaped ? 1 : 0);
  const char quote = At(text, open);
  if (IsQuote(quote)) {
    if (quote == name.outer && escaped == name.escaped) return {};  // "NAME=" is closed here
    const std::size_t end = StringEnd(text, open + 1, quote, escaped);
    if (end == kNowhere) return Value{open + 1, WordEnd(text, open + 1, false), true};
    return Value{open + 1, end, true};
  }
  if (name.outer != 0) return RestOfString(text, from, name);
  return Value{from, WordEnd(text, from, members), false};
}

Value WholeWord(std::string_view text, Value value, bool lines) {
  std::size_t end = value.end + (value.quoted ? 1 : 0);
  std::size_t last = value.end;
  const std::size_t begin = value.begin - (value.quoted ? 1 : 0);
  const bool inside_double = IsInside(text, begin, '"');
  const bool inside_single = IsInside(text, begin, '\'');
  for (;;) {
    const char c = At(text, end);
    const char next = At(text, end + 1);
    if (IsQuote(c) && !(c == '"' ? inside_double : inside_single) && next != '$' &&
        end > value.begin) {
      const std::size_t close = StringEnd(text, end + 1, c, false);
      if (close == kNowhere) break;
      last = close;
      end = close + 1;
    } else if (c != '\0' &&
               ((value.quoted && IsNameByte(c)) ||
                (lines && std::string_view("&;|<>()").find(c) != kNowhere && IsNameByte(next)))) {
      end = last = std::max(WordEnd(text, end + 1, false), end + 1);
    } else {
      break;
    }
  }
  value.end = last;
  return value;
}

bool OpensCommand(std::string_view text, std::size_t quote) {
  const std::string_view before = text.substr(0, quote);
  return before.ends_with("-c ") || before.ends_with("-c\", ") || before.ends_with("-c\",") ||
         before.ends_with("-c\" ") || before.ends_with("-lc ") || before.ends_with("-ec ");
}

bool EndsLine(std::string_view text, std::size_t end) {
  while (IsBlank(At(text, end))) ++end;
  const char c = At(text, end);
  return c == '\0' || c == '\n' || c == '\r' || c == '\\' || c == ',' || c == '}' || c == '#' ||
         c == '&' || c == ';' || c == '|' || c == '>' || IsQuote(c);
}

bool IsProse(std::string_view value) {
  bool several = false;
  for (std::size_t begin = 0; begin < value.size();) {
    const std::size_t end = std::min(value.find(' ', begin), value.size());
    bool letter = false;
    bool digit = false;
    for (const char c : value.substr(begin, end - begin)) {
      letter |= (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      digit |= c >= '0' && c <= '9';
    }
    if (letter && digit) return false;
    several |= end < value.size();
    begin = end + 1;
  }
  return several;
}

}  // namespace watertight
