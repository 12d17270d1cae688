#include "cli/policy/yaml_mistakes.h"

#include <yaml-cpp/exceptions.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "framework/image/path.h"

namespace watertight::cli {
namespace {

namespace Said = YAML::ErrorMsg;

constexpr const char* kTab = "a tab stands in the indentation; indent with blanks";
constexpr const char* kIndentation =
    "this belongs to nothing before it; is it indented as that is?";
constexpr const char* kColon =
    "a value stands here in place of a key; is the indentation right? A text with \": \" is put in "
    "quotes";
constexpr const char* kName =
    "no name stands behind this & or *; a text that begins with one is put in quotes";
constexpr const char* kTag = "tags are not read; a text that begins with ! is put in quotes";
constexpr const char* kEscape = "this escape stands for no character";
constexpr const char* kDirective =
    "directives are not read; a text that begins with % is put in quotes";
constexpr const char* kBlock = "behind | or > there is + or -, and a digit from 1 to 9, or nothing";
constexpr const char* kMarker = "a document begins or ends within quotes; is a quote not closed?";
constexpr const char* kQuote = "the quote is not closed";

struct Mistake {
  std::string_view said;  // by yaml-cpp, at the begin of its message
  const char* why;
};
const Mistake kMistakes[] = {
    {Said::TAB_IN_INDENTATION, kTab},
    {Said::END_OF_MAP_FLOW, "the brace is not closed before this"},
    {Said::END_OF_SEQ_FLOW, "the bracket is not closed before this"},
    {Said::END_OF_MAP, kIndentation},
    {Said::END_OF_SEQ, kIndentation},
    {Said::FLOW_END, "this closes no bracket or brace"},
    {Said::BLOCK_ENTRY, "no list can begin here; is the indentation right?"},
    {Said::MAP_KEY, "no key can begin here; is the indentation right?"},
    {Said::MAP_VALUE, kColon},
    {Said::UNKNOWN_TOKEN, "no value begins with this character; put it in quotes"},
    {Said::INVALID_ESCAPE,
     "there is no such escape; in double quotes a backslash is written twice, in single ones once"},
    {Said::INVALID_HEX, kEscape},
    {Said::INVALID_UNICODE, kEscape},
    {Said::DOC_IN_SCALAR, kMarker},
    {Said::EOF_IN_SCALAR, kQuote},
    {Said::ALIAS_NOT_FOUND, kName},
    {Said::ANCHOR_NOT_FOUND, kName},
    {Said::CHAR_IN_ALIAS, kName},
    {Said::CHAR_IN_ANCHOR, kName},
    {Said::UNKNOWN_ANCHOR, "nothing has this name; a text that begins with * is put in quotes"},
    {Said::ALIAS_CONTENT, "an alias has neither tag nor anchor"},
    {Said::MULTIPLE_TAGS, kTag},
    {Said::MULTIPLE_ANCHORS, "this has two anchors"},
    {Said::CHAR_IN_TAG_HANDLE, kTag},
    {Said::TAG_WITH_NO_SUFFIX, kTag},
    {Said::END_OF_VERBATIM_TAG, kTag},
    {Said::ZERO_INDENT_IN_BLOCK, kBlock},
    {Said::CHAR_IN_BLOCK, kBlock},
    {Said::YAML_DIRECTIVE_ARGS, kDirective},
    {Said::YAML_VERSION, kDirective},
    {Said::YAML_MAJOR_VERSION, kDirective},
    {Said::REPEATED_YAML_DIRECTIVE, kDirective},
    {Said::TAG_DIRECTIVE_ARGS, kDirective},
    {Said::REPEATED_TAG_DIRECTIVE, kDirective},
};

// The size of the text behind the last line.
std::size_t OffsetOfLine(std::string_view text, int number) {
  std::size_t at = 0;
  for (; number > 1; --number) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  return at;
}

// Without its end.
std::string_view LineOf(std::string_view text, int number) {
  text.remove_prefix(OffsetOfLine(text, number));
  return text.substr(0, text.find('\n'));
}

bool IsMarker(std::string_view line) { return line.starts_with("---") || line.starts_with("..."); }

// The column of a tab in what indents the line, also between "- " and what it marks; 0 for none.
int TabIn(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\t') return static_cast<int>(i) + 1;
    const bool marks = (line[i] == '-' || line[i] == '?') && i + 1 < line.size() &&
                       (line[i + 1] == ' ' || line[i + 1] == '\t');
    if (line[i] != ' ' && !marks) return 0;
  }
  return 0;
}

bool BeginsCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

YamlPlace PlaceOfByte(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t line = before.rfind('\n') + 1;  // 0 when there is none
  return {static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          static_cast<int>(std::count_if(before.begin() + static_cast<std::ptrdiff_t>(line),
                                         before.end(), BeginsCharacter)) +
              1};
}

// Bytes of a unit of UTF-16 or UTF-32, by the mark at the beginning; 1 without one.
std::size_t UnitOf(std::string_view text) {
  using namespace std::string_view_literals;
  if (text.starts_with("\xff\xfe\0\0"sv) || text.starts_with("\0\0\xfe\xff"sv)) return 4;
  return text.starts_with("\xff\xfe"sv) || text.starts_with("\xfe\xff"sv) ? 2 : 1;
}

// Of UTF-16 or UTF-32 in the byte order of its mark.
int LinesOf(std::string_view text, std::size_t unit) {
  const bool big_end_first = text.front() != '\xff';
  std::string newline(unit, '\0');
  newline[big_end_first ? unit - 1 : 0] = '\n';
  int lines = 1;
  for (std::size_t at = 0; at + unit <= text.size(); at += unit) {
    if (text.substr(at, unit) == newline) ++lines;
  }
  return lines;
}

bool IsUnclosed(const std::string& text, const YamlPlace& quote) {
  if (UnitOf(text) > 1) return false;
  std::size_t at = OffsetOfLine(text, quote.line);
  constexpr std::string_view kMark = "\xef\xbb\xbf";  // of UTF-8, which has no column
  if (at == 0 && text.starts_with(kMark)) at += kMark.size();
  at += static_cast<std::size_t>(quote.column) - 1;  // in bytes, as yaml-cpp counts
  if (at >= text.size() || (text[at] != '"' && text[at] != '\'')) return false;
  const char mark = text[at];
  for (++at; at < text.size(); ++at) {
    if (mark == '"' && text[at] == '\\') {
      ++at;
    } else if (text[at] == mark) {
      if (mark == '"' || at + 1 == text.size() || text[at + 1] != mark) return false;
      ++at;
    }
  }
  return true;
}

}  // namespace

Error YamlMistake(const std::string& file, const std::string& text, const YamlPlace& place,
                  const std::string& message) {
  const int tab = TabIn(LineOf(text, place.line));
  if (tab > 0 && tab <= place.column) return YamlError(file, {place.line, tab}, kTab);
  for (const Mistake& mistake : kMistakes) {
    if (message.starts_with(mistake.said)) return YamlError(file, place, mistake.why);
  }
  return YamlError(file, place, "this is no YAML: " + Printable(message));
}

Error SecondDocument(const std::string& file, const std::string& text, const YamlPlace& place) {
  // The marker may stand in lines of its own before it, beside comments.
  std::string_view before(text);
  before = before.substr(0, OffsetOfLine(text, place.line));
  bool marked = IsMarker(LineOf(text, place.line));
  while (!marked && !before.empty()) {
    before.remove_suffix(1);
    const std::size_t begin = before.rfind('\n') + 1;  // 0 when there is none
    const std::string_view line = before.substr(begin);
    marked = IsMarker(line);
    if (line.find_first_not_of(" \t\r") != std::string_view::npos && !line.starts_with('#')) break;
    before = before.substr(0, begin);
  }
  if (marked) return YamlError(file, place, "here another document begins; one is read");
  return YamlError(file, place, kIndentation);
}

void ExpectText(const std::string& file, const std::string& text) {
  if (const std::size_t unit = UnitOf(text); unit > 1) {
    if (text.size() % unit == 0) return;
    throw YamlError(file, {LinesOf(text, unit), 1},
                    "in this line the file ends within a character; save it as UTF-8");
  }
  const std::size_t nul = text.find('\0');
  if (nul != std::string::npos) {
    throw YamlError(file, PlaceOfByte(text, nul), "this is no text: a NUL stands here");
  }
  const std::string_view all(text);
  std::size_t good = 0;
  while (good < all.size()) {
    const std::size_t end = std::min(all.find('\n', good), all.size() - 1) + 1;
    if (!IsUtf8(all.substr(good, end - good))) break;
    good = end;
  }
  if (good == all.size()) return;
  // Of the line, the characters that are whole.
  for (std::size_t end = good; IsUtf8(all.substr(good, end - good));) {
    good = end++;
    while (end < all.size() && !BeginsCharacter(all[end])) ++end;
  }
  throw YamlError(file, PlaceOfByte(text, good), "this is no UTF-8; save the file as that");
}

void ExpectClosed(const std::string& file, const std::string& text,
                  const std::optional<YamlPlace>& quote) {
  if (quote && IsUnclosed(text, *quote)) throw YamlError(file, *quote, kQuote);
}

}  // namespace watertight::cli
