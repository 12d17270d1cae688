#include "generator/build/commands/sed_script.h"

#include <cctype>
#include <map>
#include <utility>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {
namespace {

[[noreturn]] void Refuse(const std::string& what) { NotModelled("sed: " + what); }

constexpr std::string_view kEscapeLetters = "afnrtv";
constexpr std::string_view kEscapeBytes = "\a\f\n\r\t\v";

bool IsSpecial(char c) {
  return std::string_view("^$.*[]\\+?(){}|/").find(c) != std::string_view::npos;
}

// Turns \n, \t, \x41 and the like into the bytes they mean; other backslashes stay.
std::string WithEscapes(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    const char c = text[++i];
    const std::size_t letter = kEscapeLetters.find(c);
    if (letter != kEscapeLetters.npos) {
      out += kEscapeBytes[letter];
    } else if (c == 'x' && i + 2 < text.size() + 0 &&
               std::isxdigit(static_cast<unsigned char>(text[i + 1])) &&
               std::isxdigit(static_cast<unsigned char>(text[i + 2]))) {
      const char byte =
          static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      if (IsSpecial(byte)) out += '\\';
      out += byte;
      i += 2;
    } else if (c == 'c' || c == 'd' || c == 'o') {
      Refuse(std::string("\\") + c);
    } else {
      out += '\\';
      out += c;
    }
  }
  return out;
}

class Parser {
 public:
  Parser(std::string_view text, const SedDialect& dialect)
      : text_(text), extended_(dialect.extended), has_cases_(dialect.has_cases) {}

  SedScript Parse() {
    SedScript script;
    if (text_.starts_with("#n\n") || text_ == "#n") script.quiet = true;
    while (SkipTo()) ParseCommand(script.commands);
    if (!blocks_.empty()) Refuse("unmatched `{'");
    for (SedCommand& command : script.commands) {
      if (command.name != 'b' && command.name != 't' && command.name != 'T') continue;
      if (command.text.empty()) {
        command.target = script.commands.size();
        continue;
      }
      const auto label = labels_.find(command.text);
      if (label == labels_.end()) Refuse("can't find label for jump to `" + command.text + "'");
      command.target = label->second;
    }
    return script;
  }

 private:
  bool AtEnd() const { return at_ >= text_.size(); }
  char Peek() const { return AtEnd() ? '\0' : text_[at_]; }
  void SkipBlanks() {
    while (!AtEnd() && (Peek() == ' ' || Peek() == '\t')) ++at_;
  }
  // To the next command; false at the end.
  bool SkipTo() {
    while (!AtEnd() && (std::isspace(static_cast<unsigned char>(Peek())) || Peek() == ';')) ++at_;
    return !AtEnd();
  }

  std::int64_t Number() {
    std::int64_t number = 0;
    while (std::isdigit(static_cast<unsigned char>(Peek())))
      number = number * 10 + (text_[at_++] - '0');
    return number;
  }

  // What stands up to an unescaped delimiter. "\n" stays; an escaped delimiter is the delimiter.
  std::string Delimited(char delimiter, bool is_regex) {
    std::string out;
    bool in_bracket = false;
    std::size_t bracket_begin = 0;
    while (true) {
      if (AtEnd()) Refuse("unterminated command");
      const char c = text_[at_++];
      if (c == '\\' && !AtEnd()) {
        const char next = text_[at_++];
        if (next != delimiter) {
          out += '\\';
        } else if (is_regex && next != '/' && IsSpecial(next) && next != '|') {
          out += '\\';  // a special byte that is the delimiter is meant as itself
        }
        out += next;
        continue;
      }
      if (c == delimiter && !(in_bracket && false)) return out;
      if (is_regex && c == '[' && !in_bracket) {
        in_bracket = true;
        bracket_begin = out.size();
      } else if (c == ']' && in_bracket && out.size() > bracket_begin + 1) {
        in_bracket = false;
      }
      out += c;
    }
  }

  std::shared_ptr<const Regex> MakeRegex(const std::string& pattern, bool ignore_case,
                                         bool multiple_lines) const {
    if (pattern.empty()) return nullptr;
    try {
      return std::make_shared<const Regex>(
          WithEscapes(pattern),
          RegexOptions{
              .extended = extended_, .ignore_case = ignore_case, .multiple_lines = multiple_lines});
    } catch (const RegexError& error) {
      Refuse(error.message + ": " + pattern);
    }
  }

  std::optional<SedAddress> Address() {
    SedAddress address;
    const char c = Peek();
    if (std::isdigit(static_cast<unsigned char>(c))) {
      address.number = Number();
      if (Peek() == '~') {
        ++at_;
        address.kind = SedAddress::Kind::kStep;
        address.step = Number();
      }
      return address;
    }
    if (c == '$') {
      ++at_;
      address.kind = SedAddress::Kind::kLast;
      return address;
    }
    if (c != '/' && c != '\\') return std::nullopt;
    ++at_;
    const char delimiter = c == '\\' ? text_[at_++] : '/';
    const std::string pattern = Delimited(delimiter, true);
    bool ignore_case = false;
    bool multiple_lines = false;
    for (; Peek() == 'I' || Peek() == 'M'; ++at_) {
      (Peek() == 'I' ? ignore_case : multiple_lines) = true;
    }
    address.kind = SedAddress::Kind::kRegex;
    address.regex = MakeRegex(pattern, ignore_case, multiple_lines);
    return address;
  }

  std::optional<SedAddress> SecondAddress() {
    if (Peek() != '+' && Peek() != '~') return Address();
    SedAddress address;
    address.kind = Peek() == '+' ? SedAddress::Kind::kPlus : SedAddress::Kind::kMultiple;
    ++at_;
    address.number = Number();
    return address;
  }

  void ParseCommand(std::vector<SedCommand>& commands) {
    SedCommand command;
    command.first = Address();
    SkipBlanks();
    if (command.first && Peek() == ',') {
      ++at_;
      SkipBlanks();
      command.second = SecondAddress();
      if (!command.second) Refuse("unexpected `,'");
    }
    SkipBlanks();
    while (Peek() == '!') {
      ++at_;
      command.negated = true;
      SkipBlanks();
    }
    if (AtEnd()) Refuse("missing command");
    command.name = text_[at_++];
    ParseArguments(command, commands);
  }

  void ParseArguments(SedCommand& command, std::vector<SedCommand>& commands) {
    switch (command.name) {
      case '#':
        while (!AtEnd() && Peek() != '\n') ++at_;
        return;
      case '{':
        blocks_.push_back(commands.size());
        commands.push_back(command);
        return;
      case '}':
        if (blocks_.empty()) Refuse("unexpected `}'");
        commands[blocks_.back()].target = commands.size();
        blocks_.pop_back();
        return EndCommand();
      case ':':
        SkipBlanks();
        labels_[Label(false)] = commands.size();
        return;
      case 'b':
      case 't':
      case 'T':
        SkipBlanks();
        command.text = Label(true);
        break;
      case 'a':
      case 'i':
      case 'c':
        command.text = Text();
        break;
      case 'r':
      case 'w':
        SkipBlanks();
        command.text = RestOfLine();
        if (command.text.empty()) Refuse("missing filename in r/R/w/W commands");
        break;
      case 's':
        ParseSubstitution(command);
        break;
      case 'y':
        ParseTransliteration(command);
        break;
      case 'q':
      case 'Q':
      case 'l':
        SkipBlanks();
        command.number = static_cast<int>(Number());
        EndCommand();
        break;
      case 'd':
      case 'D':
      case 'p':
      case 'P':
      case 'n':
      case 'N':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'x':
      case '=':
      case 'F':
      case 'z':
        EndCommand();
        break;
      default:
        Refuse(std::string("command `") + command.name + "'");
    }
    commands.push_back(std::move(command));
  }

  void EndCommand() {
    SkipBlanks();
    if (AtEnd() || Peek() == '\n' || Peek() == ';' || Peek() == '}' || Peek() == '#') return;
    Refuse("extra characters after command");
  }

  std::string RestOfLine() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string rest(text_.substr(at_, end - at_));
    at_ = end;
    return rest;
  }

  std::string Label(bool ends_at_semicolon) {
    std::string label;
    while (!AtEnd() && Peek() != '\n' && (Peek() != ';' || !ends_at_semicolon) &&
           !(ends_at_semicolon && Peek() == '}')) {
      // GNU ends also the label of ":" at a semicolon, when more follows.
      if (Peek() == ';' && !ends_at_semicolon) break;
      label += text_[at_++];
    }
    while (!label.empty() && std::isspace(static_cast<unsigned char>(label.back())))
      label.pop_back();
    return label;
  }

  // "a text", "a\" and the text on the next lines, which go on after a backslash.
  std::string Text() {
    SkipBlanks();
    if (AtEnd()) Refuse("expected \\ after `a', `c' or `i'");
    if (Peek() == '\\') {
      ++at_;
      const std::size_t back = at_;
      SkipBlanks();
      if (Peek() == '\n') {
        ++at_;
      } else {
        at_ = back;
      }
    }
    std::string text;
    while (!AtEnd() && Peek() != '\n') {
      char c = text_[at_++];
      if (c == '\\' && !AtEnd()) {
        c = text_[at_++];
        const std::size_t letter = kEscapeLetters.find(c);
        if (letter != kEscapeLetters.npos && !text.empty()) c = kEscapeBytes[letter];
      }
      text += c;
    }
    return text + "\n";
  }

  void ParseSubstitution(SedCommand& command) {
    const char delimiter = text_[at_++];
    const std::string pattern = Delimited(delimiter, true);
    const std::string replacement = Delimited(delimiter, false);
    bool ignore_case = false;
    bool multiple_lines = false;
    bool done = false;
    while (!AtEnd() && !done) {
      const char flag = Peek();
      switch (flag) {
        case 'g':
          command.all = true;
          break;
        case 'p':
          command.print = true;
          break;
        case 'i':
        case 'I':
          ignore_case = true;
          break;
        case 'm':
        case 'M':
          multiple_lines = true;
          break;
        case 'w':
          ++at_;
          SkipBlanks();
          command.file = RestOfLine();
          done = true;
          continue;
        default:
          if (std::isdigit(static_cast<unsigned char>(flag))) {
            command.occurrence = static_cast<int>(Number());
            if (command.occurrence == 0) Refuse("number option to `s' command may not be zero");
            continue;
          }
          done = true;
          continue;
      }
      ++at_;
    }
    if (command.file.empty()) {
      if (Peek() == 'e') Refuse("s///e");
      EndCommand();
    }
    command.regex = MakeRegex(pattern, ignore_case, multiple_lines);
    command.replacement = ParseReplacement(replacement);
    CheckGroups(command);
  }

  static void CheckGroups(const SedCommand& command) {
    if (command.regex == nullptr) return;
    for (const SedReplacement& piece : command.replacement) {
      if (piece.kind == SedReplacement::Kind::kGroup &&
          piece.group > command.regex->group_count()) {
        Refuse("invalid reference \\" + std::to_string(piece.group) + " on `s' command's RHS");
      }
    }
  }

  static void AddText(std::vector<SedReplacement>& pieces, char c) {
    if (pieces.empty() || pieces.back().kind != SedReplacement::Kind::kText) {
      pieces.push_back({.kind = SedReplacement::Kind::kText});
    }
    pieces.back().text += c;
  }

  std::vector<SedReplacement> ParseReplacement(std::string_view text) const {
    std::vector<SedReplacement> pieces;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (c == '&') {
        pieces.push_back({.kind = SedReplacement::Kind::kGroup});
        continue;
      }
      if (c != '\\' || i + 1 == text.size()) {
        AddText(pieces, c);
        continue;
      }
      const char next = text[++i];
      const std::size_t letter = kEscapeLetters.find(next);
      if (std::isdigit(static_cast<unsigned char>(next))) {
        pieces.push_back(
            {.kind = SedReplacement::Kind::kGroup, .group = static_cast<std::size_t>(next - '0')});
      } else if (has_cases_ && std::string_view("ULulE").find(next) != std::string_view::npos) {
        pieces.push_back({.kind = SedReplacement::Kind::kCase, .conversion = next});
      } else if (letter != kEscapeLetters.npos) {
        AddText(pieces, kEscapeBytes[letter]);
      } else if (next == 'x' && i + 2 < text.size()) {
        AddText(pieces,
                static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16)));
        i += 2;
      } else if (next == 'c' || next == 'd' || next == 'o') {
        Refuse(std::string("\\") + next);
      } else {
        AddText(pieces, next);
      }
    }
    return pieces;
  }

  void ParseTransliteration(SedCommand& command) {
    const char delimiter = text_[at_++];
    const std::string from = Unescaped(Delimited(delimiter, false));
    const std::string to = Unescaped(Delimited(delimiter, false));
    if (from.size() != to.size()) Refuse("strings for `y' command are different lengths");
    for (std::size_t i = 0; i < 256; ++i) command.map[i] = static_cast<char>(i);
    for (std::size_t i = 0; i < from.size(); ++i) {
      command.map[static_cast<unsigned char>(from[i])] = to[i];
    }
    EndCommand();
  }

  static std::string Unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      char c = text[i];
      if (c == '\\' && i + 1 < text.size()) {
        c = text[++i];
        const std::size_t letter = kEscapeLetters.find(c);
        if (letter != kEscapeLetters.npos) c = kEscapeBytes[letter];
      }
      out += c;
    }
    return out;
  }

  std::string_view text_;
  bool extended_;
  bool has_cases_;
  std::size_t at_ = 0;
  std::vector<std::size_t> blocks_;
  std::map<std::string, std::size_t> labels_;
};

}  // namespace

SedScript ParseSedScript(std::string_view text, const SedDialect& dialect) {
  return Parser(text, dialect).Parse();
}

}  // namespace watertight::generator::commands
