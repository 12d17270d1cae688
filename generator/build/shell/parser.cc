// The grammar of commands.

#include "generator/build/shell/parser.h"

#include <algorithm>
#include <utility>

namespace watertight::generator::shell {
namespace {

using Kind = Node::Kind;

constexpr std::string_view kReserved[] = {"!",    "{",    "}",    "case",  "do",
                                          "done", "elif", "else", "esac",  "fi",
                                          "for",  "if",   "then", "until", "while"};
constexpr std::string_view kEnders[] = {"}", "do", "done", "elif", "else", "esac", "fi", "then"};

bool Contains(const auto& list, std::string_view word) {
  return std::ranges::find(list, word) != std::end(list);
}

std::shared_ptr<Node> Make(Kind kind, int line) {
  auto node = std::make_shared<Node>();
  node->kind = kind;
  node->line = line;
  return node;
}

std::shared_ptr<Node> Make(Kind kind, int line, NodePointer first, NodePointer second = nullptr) {
  auto node = Make(kind, line);
  node->children.push_back(std::move(first));
  if (second != nullptr) node->children.push_back(std::move(second));
  return node;
}

}  // namespace

Parser::Parser(std::string text, Language language)
    : cursor_(std::make_shared<Cursor>()), language_(language) {
  cursor_->text = std::move(text);
}

bool Parser::IsReserved(std::string_view word) {
  if (Peek().kind != Token::Kind::kWord) return false;
  const std::string* text = LiteralText(Peek().word);
  return text != nullptr && *text == word;
}

bool Parser::IsOperator(std::string_view text) {
  return Peek().kind == Token::Kind::kOperator && Peek().text == text;
}

bool Parser::TakeReserved(std::string_view word) {
  if (!IsReserved(word)) return false;
  peeked_.reset();
  return true;
}

bool Parser::TakeOperator(std::string_view text) {
  if (!IsOperator(text)) return false;
  peeked_.reset();
  return true;
}

void Parser::Expect(std::string_view word) {
  if (!TakeReserved(word)) Unexpected(word);
}

void Parser::SkipNewlines() {
  while (Peek().kind == Token::Kind::kNewline) peeked_.reset();
}

void Parser::Unexpected(std::string_view expected) {
  const Token& token = Peek();
  std::string what;
  switch (token.kind) {
    case Token::Kind::kEnd:
      what = "end of file";
      break;
    case Token::Kind::kNewline:
      what = "newline";
      break;
    case Token::Kind::kWord: {
      const std::string* text = LiteralText(token.word);
      what = text != nullptr && Contains(kReserved, *text) ? "\"" + *text + "\"" : "word";
      break;
    }
    default:
      what = "\"" + token.text + "\"";
  }
  const std::string hint = expected.empty() ? "" : " (expecting \"" + std::string(expected) + "\")";
  if (language_ == Language::kDash) {
    throw ScriptError{"Syntax error: " + what + " unexpected" + hint, 2, token.line};
  }
  throw ScriptError{"syntax error: unexpected " + what + hint, 2, token.line};
}

NodePointer Parser::Next() {
  SkipNewlines();
  if (Peek().kind == Token::Kind::kEnd) return nullptr;
  NodePointer list = List(true);
  if (Peek().kind == Token::Kind::kNewline) {
    peeked_.reset();
  } else if (Peek().kind != Token::Kind::kEnd) {
    Unexpected();
  }
  return list;
}

bool Parser::EndsList() {
  const Token& token = Peek();
  if (token.kind == Token::Kind::kEnd) return true;
  if (token.kind == Token::Kind::kOperator) {
    return token.text == ")" || token.text == ";;" || token.text == ";&" || token.text == ";;&";
  }
  const std::string* text = token.kind == Token::Kind::kWord ? LiteralText(token.word) : nullptr;
  return text != nullptr && Contains(kEnders, *text);
}

NodePointer Parser::List(bool until_newline) {
  auto list = Make(Kind::kSequence, Peek().line);
  while (true) {
    NodePointer command = AndOr();
    if (TakeOperator("&")) {
      command = Make(Kind::kBackground, command->line, command);
    } else if (!TakeOperator(";")) {
      list->children.push_back(std::move(command));
      if (until_newline || Peek().kind != Token::Kind::kNewline) break;
      SkipNewlines();
      if (EndsList()) break;
      continue;
    }
    list->children.push_back(std::move(command));
    if (!until_newline) SkipNewlines();
    if (Peek().kind == Token::Kind::kNewline || EndsList()) break;
  }
  return list->children.size() == 1 ? list->children[0] : list;
}

NodePointer Parser::CompoundList() {
  SkipNewlines();
  if (Peek().kind == Token::Kind::kEnd) return nullptr;  // the caller says what it expects
  return List(false);
}

NodePointer Parser::AndOr() {
  NodePointer left = Pipeline();
  while (IsOperator("&&") || IsOperator("||")) {
    const Kind kind = TakeToken().text == "&&" ? Kind::kAnd : Kind::kOr;
    SkipNewlines();
    NodePointer right = Pipeline();
    left = Make(kind, left->line, left, std::move(right));
  }
  return left;
}

NodePointer Parser::Pipeline() {
  const int line = Peek().line;
  bool negated = false;
  while (TakeReserved("!")) negated = !negated;
  NodePointer command = Command();
  if (IsOperator("|")) {
    auto pipe = Make(Kind::kPipe, line, command);
    while (TakeOperator("|")) {
      if (IsOperator("&")) Unexpected();
      SkipNewlines();
      pipe->children.push_back(Command());
    }
    command = pipe;
  }
  return negated ? Make(Kind::kNot, line, command) : command;
}

NodePointer Parser::Command() {
  const Token& token = Peek();
  const int line = token.line;
  if (TakeOperator("(")) {
    if (language_ == Language::kBash && Look() == '(') {
      Take();
      return ArithmeticCommand();
    }
    return Group(Kind::kSubshell, ")");
  }
  if (token.kind != Token::Kind::kWord) return Simple();
  const std::string* text = LiteralText(token.word);
  if (text == nullptr) return Simple();
  if (TakeReserved("{")) return Group(Kind::kGroup, "}");
  if (TakeReserved("if")) return If();
  if (TakeReserved("while")) return Loop(Kind::kWhile);
  if (TakeReserved("until")) return Loop(Kind::kUntil);
  if (TakeReserved("for")) return For();
  if (TakeReserved("case")) return Case();
  if (Contains(kReserved, *text)) Unexpected();
  if (language_ == Language::kDash) return Simple();
  if (language_ == Language::kBash && TakeReserved("[[")) return TestCommand();
  if (!TakeReserved("function")) return Simple();
  if (Peek().kind != Token::Kind::kWord) Unexpected();
  const Token name = TakeToken();
  if (TakeOperator("(") && !TakeOperator(")")) Unexpected(")");
  const std::string* literal = LiteralText(name.word);
  return FunctionBody(literal != nullptr ? *literal : "", line);
}

NodePointer Parser::Group(Kind kind, std::string_view end) {
  auto node = Make(kind, Peek().line);
  node->children.push_back(CompoundList());
  if (kind == Kind::kSubshell) {
    if (!TakeOperator(end)) Unexpected(end);
  } else {
    Expect(end);
  }
  Redirections(*node);
  return node;
}

NodePointer Parser::If() {
  auto node = Make(Kind::kIf, Peek().line);
  node->children.push_back(CompoundList());
  Expect("then");
  node->children.push_back(CompoundList());
  if (TakeReserved("elif")) {
    node->children.push_back(If());
    // The inner `if` took `fi` and the redirections, which are those of the whole.
    return node;
  }
  if (TakeReserved("else")) node->children.push_back(CompoundList());
  Expect("fi");
  Redirections(*node);
  return node;
}

NodePointer Parser::Loop(Kind kind) {
  auto node = Make(kind, Peek().line);
  node->children.push_back(CompoundList());
  Expect("do");
  node->children.push_back(CompoundList());
  Expect("done");
  Redirections(*node);
  return node;
}

NodePointer Parser::For() {
  auto node = Make(Kind::kFor, Peek().line);
  const std::string* name = Peek().kind == Token::Kind::kWord ? LiteralText(Peek().word) : nullptr;
  if (name == nullptr || !IsName(*name)) {
    throw ScriptError{language_ == Language::kDash ? "Syntax error: Bad for loop variable"
                                                   : "syntax error: bad for loop variable",
                      2, Peek().line};
  }
  node->name = *name;
  peeked_.reset();
  SkipNewlines();
  if (TakeReserved("in")) {
    node->has_in = true;
    while (Peek().kind == Token::Kind::kWord || Peek().kind == Token::Kind::kNumber) {
      node->words.push_back(TakeToken().word);
    }
    if (!TakeOperator(";") && Peek().kind != Token::Kind::kNewline) Unexpected();
  } else {
    TakeOperator(";");
  }
  SkipNewlines();
  const bool braces = language_ == Language::kBash && TakeReserved("{");
  if (!braces) Expect("do");
  node->children.push_back(CompoundList());
  Expect(braces ? "}" : "done");
  Redirections(*node);
  return node;
}

NodePointer Parser::Case() {
  auto node = Make(Kind::kCase, Peek().line);
  if (Peek().kind != Token::Kind::kWord) Unexpected();
  node->words.push_back(TakeToken().word);
  SkipNewlines();
  Expect("in");
  SkipNewlines();
  while (!TakeReserved("esac")) {
    CaseItem item;
    TakeOperator("(");
    do {
      if (Peek().kind != Token::Kind::kWord) Unexpected();
      item.patterns.push_back(TakeToken().word);
    } while (TakeOperator("|"));
    if (!TakeOperator(")")) Unexpected(")");
    SkipNewlines();
    if (!EndsList()) item.body = CompoundList();
    SkipNewlines();
    const bool falls = TakeOperator(";&");
    item.falls_through = falls;
    const bool ended = falls || TakeOperator(";;");
    node->items.push_back(std::move(item));
    SkipNewlines();
    if (!ended) {
      if (!TakeReserved("esac")) Unexpected(";;");
      break;
    }
  }
  Redirections(*node);
  return node;
}

NodePointer Parser::FunctionBody(const std::string& name, int line) {
  auto node = Make(Kind::kFunction, line);
  node->name = name;
  SkipNewlines();
  node->children.push_back(Command());
  return node;
}

void Parser::Redirections(Node& node) {
  while (TakeRedirection(node)) {
  }
}

// NAME=value at the beginning of a command.
bool Parser::TakeAssignment(Node& node) {
  const Word& word = Peek().word;
  if (word.parts.empty()) return false;
  const Part& first = word.parts[0];
  if (first.kind != Part::Kind::kText || first.quoted) return false;
  const size_t equals = first.text.find('=');
  if (equals == first.text.npos) return false;
  std::string name = first.text.substr(0, equals);
  const bool append = language_ == Language::kBash && name.ends_with('+');
  if (append) name.pop_back();
  if (!IsName(name)) return false;
  Assignment assignment{.name = std::move(name), .value = word, .append = append};
  assignment.value.parts[0].text.erase(0, equals + 1);
  if (assignment.value.parts[0].text.empty()) {
    assignment.value.parts.erase(assignment.value.parts.begin());
  }
  node.assignments.push_back(std::move(assignment));
  peeked_.reset();
  return true;
}

// busybox takes && and || for words between [[ and ]].
bool Parser::TakeTestOperator(Node& node) {
  if (language_ != Language::kAsh || node.words.empty()) return false;
  const std::string* first = LiteralText(node.words.front());
  const std::string* last = LiteralText(node.words.back());
  if (first == nullptr || *first != "[[" || (last != nullptr && *last == "]]")) return false;
  if (!IsOperator("&&") && !IsOperator("||")) return false;
  node.words.push_back(Word{{Part{.text = TakeToken().text}}});
  return true;
}

NodePointer Parser::Simple() {
  auto node = Make(Kind::kSimple, Peek().line);
  while (true) {
    if (TakeRedirection(*node)) continue;
    if (TakeTestOperator(*node)) continue;
    if (Peek().kind != Token::Kind::kWord) break;
    if (node->words.empty() && TakeAssignment(*node)) continue;
    node->words.push_back(TakeToken().word);
    const bool alone =
        node->words.size() == 1 && node->assignments.empty() && node->redirections.empty();
    if (!alone || !TakeOperator("(")) continue;
    const std::string* name = LiteralText(node->words[0]);
    if (!TakeOperator(")")) Unexpected(")");
    if (name == nullptr) throw ScriptError{"Syntax error: Bad function name", 2, node->line};
    return FunctionBody(*name, node->line);
  }
  if (node->words.empty() && node->assignments.empty() && node->redirections.empty()) {
    Unexpected();
  }
  return node;
}

// Up to ]]; operators are words there.
NodePointer Parser::TestCommand() {
  auto node = Make(Kind::kTest, Peek().line);
  while (!IsReserved("]]")) {
    const Token token = TakeToken();
    if (token.kind == Token::Kind::kEnd) {
      throw ScriptError{"syntax error: unexpected end of file (expecting \"]]\")", 2, token.line};
    }
    if (token.kind == Token::Kind::kNewline) continue;
    node->words.push_back(token.kind == Token::Kind::kWord ? token.word
                                                           : Word{{Part{.text = token.text}}});
  }
  peeked_.reset();
  Redirections(*node);
  return node;
}

// Behind ((.
NodePointer Parser::ArithmeticCommand() {
  auto node = Make(Kind::kArithmetic, cursor_->line);
  Word word;
  ReadArithmetic(word, true);
  node->words.push_back(std::move(word));
  Redirections(*node);
  return node;
}

}  // namespace watertight::generator::shell
