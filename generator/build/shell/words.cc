// Words: quotes, parameters and substitutions.

#include <cctype>
#include <charconv>
#include <utility>

#include "generator/build/shell/escapes.h"
#include "generator/build/shell/parser.h"

namespace watertight::generator::shell {
namespace {

constexpr int kDeepest = 200;  // a nesting deeper than this is refused
constexpr std::string_view kSpecial = "@*#?-$!";
constexpr std::string_view kEndsWord = " \t\n;&|<>()";

void AddText(Word& word, std::string_view text, bool quoted) {
  if (!word.parts.empty()) {
    Part& last = word.parts.back();
    if (last.kind == Part::Kind::kText && last.quoted == quoted) {
      last.text += text;
      return;
    }
  }
  word.parts.push_back({.quoted = quoted, .text = std::string(text)});
}

class Nested {
 public:
  explicit Nested(Cursor& cursor) : cursor_(cursor) {
    if (++cursor_.depth > kDeepest) throw ScriptError{"Syntax error: nested too deeply"};
  }
  ~Nested() { --cursor_.depth; }
  Nested(const Nested&) = delete;
  Nested& operator=(const Nested&) = delete;

 private:
  Cursor& cursor_;
};

}  // namespace

bool IsNameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool IsNameCharacter(char c) {
  return IsNameStart(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

bool IsName(std::string_view text) {
  if (text.empty() || !IsNameStart(text[0])) return false;
  for (const char c : text) {
    if (!IsNameCharacter(c)) return false;
  }
  return true;
}

char Parser::Look(std::size_t ahead) const {
  const std::size_t at = cursor_->at + ahead;
  return at < cursor_->text.size() ? cursor_->text[at] : '\0';
}

char Parser::Take() {
  const char c = cursor_->text[cursor_->at++];
  if (c == '\n') ++cursor_->line;
  return c;
}

bool Parser::Skip(std::string_view text) {
  if (!std::string_view(cursor_->text).substr(cursor_->at).starts_with(text)) return false;
  cursor_->at += text.size();
  return true;
}

void Parser::SkipContinuations() {
  while (Skip("\\\n")) ++cursor_->line;
}

void Parser::Unterminated(std::string_view what) const {
  const bool ash = language_ == Language::kAsh;
  throw ScriptError{
      (ash ? "syntax error: unterminated " : "Syntax error: Unterminated ") + std::string(what), 2,
      cursor_->line};
}

Word Parser::ReadWord() {
  Word word;
  while (!AtEnd()) {
    SkipContinuations();
    const char c = Look();
    if (AtEnd() || kEndsWord.find(c) != kEndsWord.npos) break;
    if (c == '\'') {
      ReadSingleQuotes(word);
    } else if (c == '"') {
      ReadDoubleQuotes(word);
    } else if (c == '\\') {
      ReadBackslash(word, Quotes::kNone);
    } else if (c == '`') {
      ReadBackquotes(word, false);
    } else if (c != '$' || !ReadDollar(word, false)) {
      AddText(word, std::string(1, Take()), false);
    }
  }
  return word;
}

void Parser::ReadSingleQuotes(Word& word) {
  Take();
  std::string text;
  while (Look() != '\'' || AtEnd()) {
    if (AtEnd()) Unterminated("quoted string");
    text += Take();
  }
  Take();
  word.parts.push_back({.quoted = true, .text = std::move(text)});
}

void Parser::ReadDollarQuotes(Word& word) {
  std::string text;
  while (Look() != '\'' || AtEnd()) {
    if (AtEnd()) Unterminated("quoted string");
    text += Take();
    if (text.back() == '\\' && !AtEnd()) text += Take();
  }
  Take();
  word.parts.push_back({.quoted = true, .text = UnescapeAnsi(text)});
}

void Parser::ReadDoubleQuotes(Word& word) {
  Take();
  // Empty quotes make an empty field, unless "$@" has none: that is known from what follows.
  Word inside = ReadUntil("\"", true);
  if (AtEnd()) Unterminated("quoted string");
  Take();
  if (inside.parts.empty()) inside.parts.push_back({.quoted = true});
  for (Part& part : inside.parts) word.parts.push_back(std::move(part));
}

// A backslash in double quotes quotes few characters, and stays before all others.
void Parser::ReadBackslash(Word& word, Quotes quotes) {
  Take();
  if (AtEnd()) return AddText(word, "\\", quotes != Quotes::kNone);
  const char c = Take();
  if (c == '\n') return;
  const std::string_view special = quotes == Quotes::kHere ? "$`\\" : "$`\\\"";
  if (quotes == Quotes::kNone) {
    word.parts.push_back({.quoted = true, .text = std::string(1, c)});
  } else if (special.find(c) != special.npos) {
    AddText(word, std::string(1, c), true);
  } else {
    AddText(word, std::string{'\\', c}, true);
  }
}

void Parser::ReadBackquotes(Word& word, bool quoted) {
  const int line = cursor_->line;
  Take();
  std::string text;
  while (Look() != '`' || AtEnd()) {
    if (AtEnd()) Unterminated("quoted string");
    const char c = Take();
    if (c == '\\' && !AtEnd()) {
      const char next = Look();
      const bool special = next == '`' || next == '\\' || next == '$' || (next == '"' && quoted);
      if (special) {
        text += Take();
        continue;
      }
    }
    text += c;
  }
  Take();
  const Nested nested(*cursor_);
  auto inside = std::make_shared<Cursor>(Cursor{std::move(text), 0, line, cursor_->depth});
  Parser parser(inside, language_);
  auto commands = std::make_shared<Node>();
  commands->kind = Node::Kind::kSequence;
  while (NodePointer command = parser.Next()) commands->children.push_back(std::move(command));
  word.parts.push_back(
      {.kind = Part::Kind::kCommand, .quoted = quoted, .command = std::move(commands)});
}

// Takes what a $ begins; false when it begins nothing and is still there.
bool Parser::ReadDollar(Word& word, bool quoted) {
  // A continuation may stand behind the $.
  std::size_t ahead = 1;
  while (Look(ahead) == '\\' && Look(ahead + 1) == '\n') ahead += 2;
  const char c = Look(ahead);
  const bool begins = IsNameCharacter(c) || c == '{' || c == '(' ||
                      (c != '\0' && kSpecial.find(c) != kSpecial.npos) ||
                      (c == '\'' && !quoted && language_ != Language::kDash);
  if (!begins) return false;
  Take();
  SkipContinuations();
  if (c == '{') {
    ReadBraces(word, quoted);
  } else if (Skip("((")) {
    ReadArithmetic(word, quoted);
  } else if (Skip("(")) {
    ReadCommandSubstitution(word, quoted);
  } else if (Skip("'")) {
    ReadDollarQuotes(word);
  } else {
    auto parameter = std::make_shared<Parameter>();
    parameter->name += Take();
    if (IsNameStart(c)) {
      SkipContinuations();
      while (!AtEnd() && IsNameCharacter(Look())) {
        parameter->name += Take();
        SkipContinuations();
      }
    }
    word.parts.push_back(
        {.kind = Part::Kind::kParameter, .quoted = quoted, .parameter = std::move(parameter)});
  }
  return true;
}

void Parser::ReadCommandSubstitution(Word& word, bool quoted) {
  const Nested nested(*cursor_);
  Parser inside(cursor_, language_);
  auto commands = std::make_shared<Node>();
  commands->kind = Node::Kind::kSequence;
  while (true) {
    inside.SkipNewlines();
    if (inside.IsOperator(")")) break;
    if (inside.Peek().kind == Token::Kind::kEnd) inside.Unexpected(")");
    commands->children.push_back(inside.List(true));
  }
  // The token was peeked, and the cursor stands behind it.
  word.parts.push_back(
      {.kind = Part::Kind::kCommand, .quoted = quoted, .command = std::move(commands)});
}

// Parentheses nest; the rest is as in double quotes.
void Parser::ReadArithmetic(Word& word, bool quoted) {
  const Nested nested(*cursor_);
  Word expression;
  int open = 0;
  while (true) {
    Word part = ReadUntil("()\"", true);
    for (Part& piece : part.parts) expression.parts.push_back(std::move(piece));
    if (AtEnd()) throw ScriptError{"Syntax error: Missing '))'", 2, cursor_->line};
    const char c = Take();
    if (c == '"') continue;
    if (c == ')' && open == 0) {
      if (Look() != ')') throw ScriptError{"Syntax error: Missing '))'", 2, cursor_->line};
      Take();
      break;
    }
    open += c == '(' ? 1 : -1;
    AddText(expression, std::string(1, c), true);
  }
  word.parts.push_back({.kind = Part::Kind::kArithmetic,
                        .quoted = quoted,
                        .expression = std::move(expression.parts)});
}

void Parser::ReadBraces(Word& word, bool quoted) {
  const Nested nested(*cursor_);
  Take();
  auto parameter = std::make_shared<Parameter>();
  if (Look() == '#' && Look(1) != '}' && Look(1) != '\0' &&
      (IsNameCharacter(Look(1)) || (kSpecial.find(Look(1)) != kSpecial.npos && Look(2) == '}'))) {
    Take();
    parameter->operation = Parameter::Operation::kLength;
  } else if (Look() == '!' && IsNameStart(Look(1)) && language_ == Language::kBash) {
    Take();
    parameter->operation = Parameter::Operation::kIndirect;
  }
  if (IsNameStart(Look())) {
    while (IsNameCharacter(Look())) parameter->name += Take();
  } else if (std::isdigit(static_cast<unsigned char>(Look())) != 0) {
    while (std::isdigit(static_cast<unsigned char>(Look())) != 0) parameter->name += Take();
  } else if (!AtEnd() && kSpecial.find(Look()) != kSpecial.npos) {
    parameter->name += Take();
  } else {
    parameter->operation = Parameter::Operation::kBad;
  }
  if (Look() != '}' && parameter->operation == Parameter::Operation::kNone) {
    ReadOperation(*parameter, quoted);
  }
  if (Look() != '}' || AtEnd()) {
    parameter->operation = Parameter::Operation::kBad;
    ReadUntil("}", quoted);
    if (AtEnd()) throw ScriptError{"Syntax error: Missing '}'", 2, cursor_->line};
  }
  Take();
  word.parts.push_back(
      {.kind = Part::Kind::kParameter, .quoted = quoted, .parameter = std::move(parameter)});
}

void Parser::ReadOperation(Parameter& parameter, bool quoted) {
  using Operation = Parameter::Operation;
  const auto default_operation = [](char c) {
    switch (c) {
      case '-':
        return Operation::kDefault;
      case '=':
        return Operation::kAssign;
      case '?':
        return Operation::kError;
      case '+':
        return Operation::kAlternative;
      default:
        return Operation::kBad;
    }
  };
  if (Look() != ':' && default_operation(Look()) == Operation::kBad) {
    return ReadPatternOperation(parameter, quoted);
  }
  parameter.colon = Skip(":");
  parameter.operation = default_operation(Look());
  if (parameter.operation != Operation::kBad) {
    Take();
    parameter.word = ReadUntil("}", quoted);
  } else if (language_ != Language::kDash) {
    parameter.operation = Operation::kSubstring;
    parameter.word = ReadUntil(":}", true);
    parameter.has_second = Skip(":");
    if (parameter.has_second) parameter.second = ReadUntil("}", true);
  }
}

void Parser::ReadPatternOperation(Parameter& parameter, bool quoted) {
  using Operation = Parameter::Operation;
  struct Row {
    std::string_view text;
    Operation operation;
    bool dash;
    bool ash;
  };
  static constexpr Row kRows[] = {
      {"##", Operation::kLongestPrefix, true, true}, {"#", Operation::kShortestPrefix, true, true},
      {"%%", Operation::kLongestSuffix, true, true}, {"%", Operation::kShortestSuffix, true, true},
      {"//", Operation::kReplaceAll, false, true},   {"/", Operation::kReplace, false, true},
      {"^^", Operation::kUpper, false, false},       {"^", Operation::kUpperFirst, false, false},
      {",,", Operation::kLower, false, false},       {",", Operation::kLowerFirst, false, false},
  };
  parameter.operation = Operation::kBad;
  for (const Row& row : kRows) {
    const bool known =
        language_ == Language::kBash || (language_ == Language::kAsh && row.ash) || row.dash;
    if (!known || !Skip(row.text)) continue;
    parameter.operation = row.operation;
    break;
  }
  const bool replaces =
      parameter.operation == Operation::kReplace || parameter.operation == Operation::kReplaceAll;
  // Quotes in a pattern count, whatever stands around the parameter.
  parameter.word = ReadUntil(replaces ? "/}" : "}", false);
  if (!replaces || Look() != '/') return;
  Take();
  parameter.has_second = true;
  parameter.second = ReadUntil("}", quoted);
}

Word Parser::ReadUntil(std::string_view ends, bool quoted) {
  Word word;
  const bool here = ends.empty();
  const Quotes quotes = here ? Quotes::kHere : quoted ? Quotes::kDouble : Quotes::kNone;
  while (!AtEnd() && ends.find(Look()) == ends.npos) {
    const char c = Look();
    if (c == '\\' && quoted && Look(1) == '}' && ends == "}") {
      Take();
      AddText(word, std::string(1, Take()), true);
    } else if (c == '\\') {
      ReadBackslash(word, quotes);
    } else if (c == '\'' && !quoted) {
      ReadSingleQuotes(word);
    } else if (c == '"' && !here) {
      // In ${…} within double quotes these end the outer quotes and begin them again.
      ReadDoubleQuotes(word);
    } else if (c == '`') {
      ReadBackquotes(word, quoted);
    } else if (c != '$' || !ReadDollar(word, quoted)) {
      AddText(word, std::string(1, Take()), quoted);
    }
  }
  return word;
}

Word Parser::Quoted(std::string text, Language language) {
  Parser parser(std::move(text), language);
  return parser.ReadUntil({}, true);
}

}  // namespace watertight::generator::shell
