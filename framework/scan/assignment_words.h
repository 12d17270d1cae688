// The words around an assignment: where a name begins, where a value ends.

#pragma once

#include <cstddef>
#include <string_view>

namespace watertight {

// The name to the left of a separator or inside an option.
struct Name {
  std::size_t begin = 0;
  std::size_t end = 0;
  char quote = 0;        // the name itself is quoted: "name": …
  char outer = 0;        // a quote stands directly before it, and is still open: "NAME=value"
  bool escaped = false;  // that quote is \" inside of another string
};

struct Value {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool quoted = false;
};

constexpr std::size_t kLongestName = 128;

inline bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}
inline bool IsBlank(char c) { return c == ' ' || c == '\t'; }
inline bool IsSpace(char c) { return IsBlank(c) || c == '\n' || c == '\r'; }
inline bool IsQuote(char c) { return c == '"' || c == '\''; }
inline char At(std::string_view text, std::size_t at) { return at < text.size() ? text[at] : '\0'; }

// at: where the name ends.
Name NameBefore(std::string_view text, std::size_t at);
// The byte that stands before a name, beyond its own quote, dashes left aside.
std::size_t Before(std::string_view text, const Name& name);
// "$NAME", "${NAME": the text uses a variable and sets none.
bool IsUse(std::string_view text, std::size_t before);
// The name begins a line, a string, or a member of {a: b, c: d}.
bool BeginsLine(std::string_view text, std::size_t before);
// What is written next to the separator that ends before from. members: commas and braces end it.
Value ValueAt(std::string_view text, std::size_t from, const Name& name, bool members);
// Where a shell's word really ends that has its value: 'a'"b", a"b c". In a line of a file (lines),
// &, ; and | between letters end nothing.
Value WholeWord(std::string_view text, Value value, bool lines);
// `sh -c "NAME=value command"`: the string holds commands, not one value.
bool OpensCommand(std::string_view text, std::size_t quote);
// After an unquoted value of `name: value` there is nothing more on the line, else it is prose.
bool EndsLine(std::string_view text, std::size_t end);
// Several words, none of which mixes letters and digits.
bool IsProse(std::string_view value);

}  // namespace watertight
