#include <strings.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "framework/scan/assignment_words.h"
#include "framework/scan/possible_secret.h"
#include "framework/scan/secret_names.h"

namespace watertight {
namespace {

constexpr std::string_view kBuildKit = " # buildkit";
constexpr auto kNowhere = std::string_view::npos;

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
    Value value = ValueAt(text_, from, name, colon && begins);
    if (!value.quoted && text_[value.begin] == '(') return value.end;  // a list
    if (!colon && !spaced && name.quote == 0 && name.outer == 0 && value.end > value.begin &&
        text_[value.begin] != '$') {
      value = WholeWord(text_, value, BeginsTextLine(before));
    }
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
    return BeginsTextLine(before);
  }

  // In a here-document, or a script.
  bool BeginsTextLine(std::size_t before) const {
    while (before > 0 && IsBlank(text_[before - 1])) --before;
    return before > 0 && text_[before - 1] == '\n';
  }

  // `token = token;` and `token = request.token`, of programs.
  static bool IsExpression(std::string_view value, const std::string& name) {
    if (value.ends_with(';')) value.remove_suffix(1);
    if (value == std::string_view(name).substr(name.rfind('.') + 1)) return true;
    return value.find('.') != kNowhere && !value.ends_with('.') &&
           std::all_of(value.begin(), value.end(), [](char c) {
             return c == '.' || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
  }

  // loose: prose and program text have such lines too.
  std::size_t TakeLine(std::size_t from, bool loose, const std::string& word) {
    std::size_t end = std::min(text_.find_first_of("\r\n", from), text_.size());
    if (text_.substr(from, end - from).ends_with(kBuildKit)) end -= kBuildKit.size();
    if (loose) end = from + std::min(end - from, text_.substr(from, end - from).find(" #"));
    while (end > from && IsBlank(text_[end - 1])) --end;
    if (end == from) return 0;
    const std::string_view value = text_.substr(from, end - from);
    const bool program = value.find('(') != kNowhere || IsExpression(value, word);
    if (!loose || (!program && !IsProse(value))) {
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
