#include "generator/build/commands/sed_script.h"

#include <cctype>
#include <map>
#include <utility>

#include "generator/build/commands/sed_text.h"

namespace watertight::generator::commands {
namespace {

class Parser {
 public:
  Parser(std::string_view text, const SedDialect& dialect)
      : text_(text), extended_(dialect.extended), has_cases_(dialect.has_cases) {}

  SedScript Parse() {
    SedScript script;
    if (text_.starts_with("#n\n") || text_ == "#n") script.quiet = true;
    while (SkipTo()) ParseCommand(script.commands);
    if (!blocks_.empty()) RefuseSed("unmatched `{'");
    for (SedCommand& command : script.commands) {
      if (command.name != 'b' && command.name != 't' && command.name != 'T') continue;
      if (command.text.empty()) {
        command.target = script.commands.size();
        continue;
      }
      const auto label = labels_.find(command.text);
      if (label == labels_.end()) RefuseSed("can't find label for jump to `" + command.text + "'");
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
    while (true) {
      if (AtEnd()) RefuseSed("unterminated command");
      const char c = text_[at_++];
      if (c == '\\' && !AtEnd()) {
        const char next = text_[at_++];
        if (next != delimiter) {
          out += '\\';
        } else if (is_regex && next != '/' && IsSpecialInSed(next) && next != '|') {
          out += '\\';  // a special byte that is the delimiter is meant as itself
        }
        out += next;
        continue;
      }
      if (c == delimiter) return out;
      out += c;
    }
  }

  std::shared_ptr<const Regex> MakeRegex(const std::string& pattern, bool ignore_case,
                                         bool multiple_lines) const {
    if (pattern.empty()) return nullptr;
    try {
      return std::make_shared<const Regex>(
          WithSedEscapes(pattern),
          RegexOptions{
              .extended = extended_, .ignore_case = ignore_case, .multiple_lines = multiple_lines});
    } catch (const RegexError& error) {
      RefuseSed(error.message + ": " + pattern);
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
      if (!command.second) RefuseSed("unexpected `,'");
    }
    SkipBlanks();
    while (Peek() == '!') {
      ++at_;
      command.negated = true;
      SkipBlanks();
    }
    if (AtEnd()) RefuseSed("missing command");
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
        if (blocks_.empty()) RefuseSed("unexpected `}'");
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
        if (command.text.empty()) RefuseSed("missing filename in r/R/w/W commands");
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
        RefuseSed(std::string("command `") + command.name + "'");
    }
    commands.push_back(std::move(command));
  }

  void EndCommand() {
    SkipBlanks();
    if (AtEnd() || Peek() == '\n' || Peek() == ';' || Peek() == '}' || Peek() == '#') return;
    RefuseSed("extra characters after command");
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
    if (AtEnd()) RefuseSed("expected \\ after `a', `c' or `i'");
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
        const std::size_t letter = kSedEscapeLetters.find(c);
        if (letter != kSedEscapeLetters.npos && !text.empty()) c = kSedEscapeBytes[letter];
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
            if (command.occurrence == 0) RefuseSed("number option to `s' command may not be zero");
            continue;
          }
          done = true;
          continue;
      }
      ++at_;
    }
    if (command.file.empty()) {
      if (Peek() == 'e') RefuseSed("s///e");
      EndCommand();
    }
    command.regex = MakeRegex(pattern, ignore_case, multiple_lines);
    command.replacement = ParseSedReplacement(replacement, has_cases_);
    CheckGroups(command);
  }

  static void CheckGroups(const SedCommand& command) {
    if (command.regex == nullptr) return;
    for (const SedReplacement& piece : command.replacement) {
      if (piece.kind == SedReplacement::Kind::kGroup &&
          piece.group > command.regex->group_count()) {
        RefuseSed("invalid reference \\" + std::to_string(piece.group) + " on `s' command's RHS");
      }
    }
  }

  void ParseTransliteration(SedCommand& command) {
    const char delimiter = text_[at_++];
    const std::string from = WithoutSedEscapes(Delimited(delimiter, false));
    const std::string to = WithoutSedEscapes(Delimited(delimiter, false));
    if (from.size() != to.size()) RefuseSed("strings for `y' command are different lengths");
    for (std::size_t i = 0; i < 256; ++i) command.map[i] = static_cast<char>(i);
    for (std::size_t i = 0; i < from.size(); ++i) {
      command.map[static_cast<unsigned char>(from[i])] = to[i];
    }
    EndCommand();
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
