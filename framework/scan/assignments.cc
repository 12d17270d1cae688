#include <strings.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/possible_secret.h"
#include "framework/scan/secret_names.h"

namespace watertight {
namespace {

constexpr std::string_view kBuildKit = " # buildkit";
constexpr std::size_t kLongestName = 128;
constexpr auto kNowhere = std::string_view::npos;

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '.';
}
bool IsBlank(char c) { return c == ' ' || c == '\t'; }
bool IsSpace(char c) { return IsBlank(c) || c == '\n' || c == '\r'; }
bool IsQuote(char c) { return c == '"' || c == '\''; }

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

char At(std::string_view text, std::size_t at) { return at < text.size() ? text[at] : '\0'; }

// printf's \n before a name is no letter of it.
bool IsEscapeBefore(std::string_view text, std::size_t begin) {
  if (begin == 0 || text[begin - 1] != '\\') return false;
  const char c = At(text, begin);
  return c == 'n' || c == 't' || c == 'r';
}

// at: where the name ends.
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

// The byte that stands before a name, beyond its own quote, dashes left aside.
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

// "$NAME", "${NAME": the text uses a variable and sets none.
bool IsUse(std::string_view text, std::size_t before) {
  if (before == 0) return false;
  if (text[before - 1] == '$') return true;
  return text[before - 1] == '{' && before > 1 && text[before - 2] == '$';
}

// The name begins a line, a string, or a member of {a: b, c: d}.
bool BeginsLine(std::string_view text, std::size_t before) {
  while (before > 0 && (IsBlank(text[before - 1]) || text[before - 1] == '-')) --before;
  if (before == 0) return true;
  const char c = text[before - 1];
  if (c == 'n' || c == 't' || c == 'r') return before > 1 && text[before - 2] == '\\';
  return c == '\n' || c == '{' || c == ',' || IsQuote(c);
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

// The rest of the string in which the name stands: "PASSWORD=a b", "X-Token: a". Ends early where
// a line of printf or a parameter of a query does.
Value RestOfString(std::string_view text, std::size_t from, const Name& name) {
  Value value{from, StringEnd(text, from, name.outer, name.escaped), true};
  if (value.end == kNowhere) return Value{from, WordEnd(text, from, false), false};
  const std::string_view rest = text.substr(from, value.end - from);
  for (const std::string_view stop : {"\\n", "\n", "\\r", "&", "; "}) {
    value.end = std::min(value.end, from + std::min(rest.find(stop), rest.size()));
  }
  return value;
}

// What is written next to the separator that ends before from.
Value ValueAt(std::string_view text, std::size_t from, const Name& name, bool members) {
  const bool escaped = At(text, from) == '\\' && IsQuote(At(text, from + 1));
  const std::size_t open = from + (escaped ? 1 : 0);
  const char quote = At(text, open);
  if (IsQuote(quote)) {
    if (quote == name.outer && escaped == name.escaped) return {};  // "NAME=" is closed here
    const std::size_t end = StringEnd(text, open + 1, quote, escaped);
    if (end == kNowhere) return Value{open + 1, WordEnd(text, open + 1, false), true};
    // A string that goes on is one word with what follows: 'a'"b".
    return Value{open + 1, end, true};
  }
  if (name.outer != 0) return RestOfString(text, from, name);
  return Value{from, WordEnd(text, from, members), false};
}

// `sh -c "NAME=value command"`: the string holds commands, not one value.
bool OpensCommand(std::string_view text, std::size_t quote) {
  const std::string_view before = text.substr(0, quote);
  return before.ends_with("-c ") || before.ends_with("-c\", ") || before.ends_with("-c\",") ||
         before.ends_with("-c\" ") || before.ends_with("-lc ") || before.ends_with("-ec ");
}

// After an unquoted value of `name: value` there is nothing more on the line, else it is prose.
bool EndsLine(std::string_view text, std::size_t end) {
  while (IsBlank(At(text, end))) ++end;
  const char c = At(text, end);
  return c == '\0' || c == '\n' || c == '\r' || c == '\\' || c == ',' || c == '}' || c == '#' ||
         c == '&' || c == ';' || c == '|' || c == '>' || IsQuote(c);
}

// Several words, none of which mixes letters and digits.
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

class Assignments {
 public:
  Assignments(std::string_view text, std::vector<PossibleSecret>* found)
      : text_(text), found_(found) {}

  void Find() {
    for (std::size_t at = 0; at < text_.size();) {
      const char c = text_[at];
      std::size_t next = 0;
      if (c == '=' || c == ':') next = TakeSeparator(at);
      if (c == '-' && BeginsOption(at)) next = TakeOption(at);
      at = std::max(at + 1, next);
    }
  }

 private:
  // Returns where to go on: behind the value, or 0.
  std::size_t TakeSeparator(std::size_t at) {
    const char separator = text_[at];
    const char next = At(text_, at + 1);
    if (next == '=' || next == '~') return 0;
    if (separator == ':' && (next == '/' || next == ':')) return 0;
    std::size_t left = at;
    if (separator == '=' && left > 0) {
      const char before = text_[left - 1];
      if (before == '=' || before == '!' || before == '<' || before == '>') return 0;
      if (before == ':' || before == '?' || before == '+') --left;
    }
    const std::size_t tight = left;
    while (left > 0 && tight - left < 4 && IsBlank(text_[left - 1])) --left;
    Name name = NameBefore(text_, left);
    const std::size_t before = Before(text_, name);
    if (name.begin == name.end || IsUse(text_, before)) return 0;
    if (text_.substr(0, name.begin).ends_with("alias ")) return 0;
    const std::string word(text_.substr(name.begin, name.end - name.begin));
    if (ClassifyName(word).rule == nullptr) return 0;
    NoteOuterQuote(before, &name);
    return TakeValue(at, left < tight, before, name, word);
  }

  void NoteOuterQuote(std::size_t before, Name* name) const {
    if (name->quote != 0 || before == 0 || !IsQuote(text_[before - 1])) return;
    if (OpensCommand(text_, before - 1)) return;
    name->outer = text_[before - 1];
    name->escaped = before > 1 && text_[before - 2] == '\\';
  }

  std::size_t TakeValue(std::size_t at, bool spaced, std::size_t before, const Name& name,
                        const std::string& word) {
    const bool colon = text_[at] == ':';
    const bool begins = BeginsLine(text_, before);
    std::size_t from = at + 1;
    if (colon || spaced || name.quote != 0) {
      while (IsBlank(At(text_, from))) ++from;
    }
    if (from >= text_.size() || IsSpace(text_[from]) || IsPattern(from)) return 0;
    if (colon && spaced && from == at + 1 && IsQuote(text_[from]))
      return 0;  // psql's PASSWORD :'variable'
    const Value value = ValueAt(text_, from, name, colon && begins);
    if (colon && name.outer != 0 && IsProse(text_.substr(value.begin, value.end - value.begin))) {
      return value.end;
    }
    if (value.end <= value.begin || IsSpace(text_[value.begin])) return 0;
    if (name.quote == 0 && !value.quoted && IsWholeLine(at, spaced, before, word)) {
      return TakeLine(from, spaced || colon, word);
    }
    if ((colon || spaced) && name.quote == 0 && !value.quoted) {
      if (!begins || !EndsLine(text_, value.end)) return value.end;
    }
    if (!value.quoted && At(text_, value.end) == '(') return value.end;  // a call
    return Take(word, value);
  }

  // A line of a properties, INI or YAML file in a here-document: its value may hold spaces. A shell
  // has no variable with such a name, and no spaces around its =.
  bool IsWholeLine(std::size_t at, bool spaced, std::size_t before, const std::string& word) const {
    const bool punctuated = word.find_first_of(".-") != std::string::npos;
    if (text_[at] == '=' && !spaced && !punctuated) return false;
    if (At(text_, before) == '-') return false;  // -Dname=value
    while (before > 0 && IsBlank(text_[before - 1])) --before;
    return before > 0 && text_[before - 1] == '\n';
  }

  // loose: prose and program text have such lines too.
  std::size_t TakeLine(std::size_t from, bool loose, const std::string& word) {
    std::size_t end = std::min(text_.find_first_of("\r\n", from), text_.size());
    if (text_.substr(from, end - from).ends_with(kBuildKit)) end -= kBuildKit.size();
    end = std::min(end, text_.find(" #", from));  // a comment
    while (end > from && IsBlank(text_[end - 1])) --end;
    if (end == from) return 0;
    const std::string_view value = text_.substr(from, end - from);
    const bool program = value.find('(') != kNowhere ||  // a call, or self.token = token
                         (loose && value == word.substr(word.rfind('.') + 1));
    if (!program && (!loose || !IsProse(value))) {
      found_->push_back({word, from, end - from, "", false});
    }
    return end;
  }

  bool BeginsOption(std::size_t at) const {
    if (at > 0) {
      const char before = text_[at - 1];
      if (!IsSpace(before) && !IsQuote(before) && before != '[' && before != ',') return false;
    }
    const char next = At(text_, at + 1);
    return next == '-' || (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
  }

  // --name value, "--name" "value", ["--name","value"]; --name=value is a separator's.
  std::size_t TakeOption(std::size_t at) {
    std::size_t end = at;
    while (end < text_.size() && IsNameByte(text_[end]) && end - at <= kLongestName) ++end;
    const std::string option(text_.substr(at, end - at));
    const std::string word = option.substr(std::min(option.find_first_not_of('-'), option.size()));
    if (word.size() < 2 || At(text_, end) == '=' || IsSwitch(word)) return 0;
    if (ClassifyName(word).rule == nullptr) return 0;
    const bool in_string = at > 0 && IsQuote(text_[at - 1]) && At(text_, end) == text_[at - 1];
    std::size_t from = end + (in_string ? 1 : 0);
    const std::size_t closed = from;
    while (IsBlank(At(text_, from)) || (in_string && At(text_, from) == ',')) ++from;
    if (from == closed || from >= text_.size() || text_[from] == '-') return 0;
    const Value value = ValueAt(text_, from, Name{}, false);
    if (value.end <= value.begin || text_[value.begin] == '-') return 0;
    if (!value.quoted && text_[value.begin] == '(') return 0;  // an expression of PowerShell
    return Take(word, value);
  }

  // --no-password user, --with-token: no value follows.
  static bool IsSwitch(const std::string& word) {
    constexpr std::string_view kSwitches[] = {"no",       "with",  "without", "require", "ask",
                                              "prompt",   "show",  "enable",  "disable", "use",
                                              "allow",    "skip",  "ignore",  "hide",    "force",
                                              "generate", "print", "get",     "create",  "delete"};
    const std::vector<std::string> words = NameWords(word);
    return !words.empty() && std::find(std::begin(kSwitches), std::end(kSwitches), words.front()) !=
                                 std::end(kSwitches);
  }

  std::size_t Take(const std::string& name, Value value) {
    if (name.find("pass") != std::string::npos && text_.substr(value.begin).starts_with("pass:")) {
      value.begin += 5;  // of openssl
    }
    SkipScheme(&value);
    if (!value.quoted) CutSubstitution(&value);
    if (value.end <= value.begin) return 0;
    // `--secret x` mostly names a secret that a service keeps.
    const bool named = name == "secret" && IsOption(value.begin, name);
    found_->push_back(
        {name, value.begin, value.end - value.begin, named ? "generic-secret" : "", false});
    // A command substitution may hold assignments of its own.
    return text_[value.begin] == '$' ? 0 : value.end;
  }

  // The name stands directly before its value as --name.
  bool IsOption(std::size_t value, const std::string& name) const {
    const std::size_t from = value - std::min(value, name.size() + 8);
    return text_.substr(from, value - from).find("--" + name) != kNowhere;
  }

  // "Bearer x": the scheme is no part of the secret.
  void SkipScheme(Value* value) const {
    constexpr std::string_view kSchemes[] = {"bearer", "basic", "token", "digest", "apikey"};
    const std::string_view text = text_.substr(value->begin, value->end - value->begin);
    const std::size_t space = text.find(' ');
    if (space == kNowhere || space + 1 >= text.size()) return;
    for (const std::string_view scheme : kSchemes) {
      if (scheme.size() == space && strncasecmp(scheme.data(), text.data(), space) == 0) {
        value->begin += space + 1;
      }
    }
  }

  // sed's s/NAME=.*/NAME=value/: its delimiter ends the value.
  void CutSubstitution(Value* value) const {
    constexpr std::size_t kFarthest = 256;
    std::size_t word = value->begin;
    while (word > 0 && value->begin - word < kFarthest && !IsSpace(text_[word - 1]) &&
           !IsQuote(text_[word - 1])) {
      --word;
    }
    const char delimiter = At(text_, word + 1);
    if (text_[word] != 's' || std::string_view("/|#@,!~%").find(delimiter) == kNowhere) return;
    value->end = std::min(value->end, text_.find(delimiter, value->begin));
  }

  // Of grep or sed: NAME=.*
  bool IsPattern(std::size_t from) const {
    const std::string_view text = text_.substr(from, 2);
    for (const std::string_view start : {".*", ".+", "[^", "\\(", "\\w", "\\S", "(.", "(?"}) {
      if (text == start) return true;
    }
    return false;
  }

  std::string_view text_;
  std::vector<PossibleSecret>* found_;
};

}  // namespace

void FindAssignments(std::string_view text, std::vector<PossibleSecret>* found) {
  Assignments(text, found).Find();
}

}  // namespace watertight
