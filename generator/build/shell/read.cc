#include <algorithm>
#include <charconv>
#include <utility>

#include "generator/build/shell/builtins.h"

namespace watertight::generator::shell {
namespace {

struct ReadOptions {
  bool raw = false;
  char end = '\n';
  int descriptor = 0;
  std::optional<std::size_t> count = {};
};

// What was read, byte by byte with whether it was escaped.
struct Text {
  std::string bytes;
  std::vector<bool> escaped;

  void Add(char c, bool is_escaped) {
    bytes += c;
    escaped.push_back(is_escaped);
  }
};

ReadOptions TakeReadOptions(Interpreter& shell, std::vector<std::string>& words) {
  ReadOptions options;
  while (!words.empty() && words[0].size() > 1 && words[0][0] == '-') {
    const std::string option = words[0];
    words.erase(words.begin());
    if (option == "--") break;
    for (std::size_t at = 1; at < option.size(); ++at) {
      const char letter = option[at];
      if (letter == 'r') options.raw = true;
      if (letter == 'r' || letter == 's') continue;
      if (std::string_view("pdntu").find(letter) == std::string_view::npos) {
        NotModelled("read " + option);
      }
      std::string value = option.substr(at + 1);
      if (value.empty() && !words.empty()) {
        value = words[0];
        words.erase(words.begin());
      }
      if (letter == 'd') options.end = value.empty() ? '\0' : value[0];
      if (letter == 'n') options.count = std::strtoul(value.c_str(), nullptr, 10);
      if (letter == 'u') options.descriptor = std::atoi(value.c_str());
      break;
    }
  }
  if (shell.language == Language::kDash && (options.count || options.end != '\n')) {
    shell.Die("Illegal option");
  }
  return options;
}

// Returns whether the end of the line was seen.
bool ReadText(Interpreter& shell, const ReadOptions& options, Text& text) {
  while (true) {
    if (options.count && text.bytes.size() >= *options.count) return true;
    std::string chunk = options.count
                            ? shell.process.Read(options.descriptor, 1)
                            : shell.process.ReadLine(options.descriptor, options.end).value_or("");
    if (chunk.empty()) return false;
    const bool ended = chunk.back() == options.end;
    if (ended) chunk.pop_back();
    bool continues = false;
    for (std::size_t at = 0; at < chunk.size(); ++at) {
      if (chunk[at] == '\0') continue;
      if (chunk[at] != '\\' || options.raw) {
        text.Add(chunk[at], false);
      } else if (at + 1 < chunk.size()) {
        ++at;
        if (chunk[at] != '\n') text.Add(chunk[at], true);
      } else {
        continues = ended;
      }
    }
    if (ended && !continues) return true;
  }
}

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

class Splitter {
 public:
  Splitter(const Text& text, std::string separators)
      : text_(text), separators_(std::move(separators)) {
    SkipBlanks();
  }

  std::string Next() {
    std::string field;
    while (at_ < text_.bytes.size() && !Separates(at_)) field += text_.bytes[at_++];
    SkipBlanks();
    if (at_ < text_.bytes.size() && Separates(at_) && !IsBlank(text_.bytes[at_])) {
      ++at_;
      SkipBlanks();
    }
    return field;
  }

  // All that is left, less blanks at its end; a single field less its separator too.
  std::string Rest() {
    std::size_t end = text_.bytes.size();
    while (end > at_ && Separates(end - 1) && IsBlank(text_.bytes[end - 1])) --end;
    std::size_t field_end = at_;
    while (field_end < end && !Separates(field_end)) ++field_end;
    std::size_t behind = field_end;
    const auto skip_blanks = [&] {
      while (behind < end && Separates(behind) && IsBlank(text_.bytes[behind])) ++behind;
    };
    skip_blanks();
    if (behind < end && Separates(behind)) ++behind;
    skip_blanks();
    if (behind == end) end = field_end;
    return text_.bytes.substr(at_, end - at_);
  }

 private:
  bool Separates(std::size_t at) const {
    return !text_.escaped[at] && separators_.find(text_.bytes[at]) != separators_.npos;
  }
  void SkipBlanks() {
    while (at_ < text_.bytes.size() && Separates(at_) && IsBlank(text_.bytes[at_])) ++at_;
  }

  const Text& text_;
  std::string separators_;
  std::size_t at_ = 0;
};

}  // namespace

int Read(Interpreter& shell) {
  std::vector<std::string> names = shell.process.Operands();
  const ReadOptions options = TakeReadOptions(shell, names);
  if (names.empty() && shell.language == Language::kDash) shell.Die("arg count");
  shell.process.machine().Step();
  Text text;
  const bool ended = ReadText(shell, options, text);
  if (names.empty()) {
    shell.Assign("REPLY", text.bytes);
    return ended ? 0 : 1;
  }
  const Variable* ifs = shell.Find("IFS");
  Splitter splitter(text, ifs != nullptr && ifs->value ? *ifs->value : " \t\n");
  for (std::size_t index = 0; index < names.size(); ++index) {
    const bool last = index + 1 == names.size();
    shell.Assign(names[index], last ? splitter.Rest() : splitter.Next());
  }
  return ended ? 0 : 1;
}

}  // namespace watertight::generator::shell
