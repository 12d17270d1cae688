#include <utility>

#include "generator/build/commands/awk_expressions.h"

namespace watertight::generator::commands::awk {
namespace {

class Parser : ExpressionParser {
 public:
  explicit Parser(std::string_view text) : ExpressionParser(text) {}

  Program Run() {
    SkipEnds();
    while (Peek().kind != Token::Kind::kEnd) {
      if (Accept("function")) {
        ParseFunction();
      } else {
        ParseRule();
      }
      SkipEnds();
    }
    return std::move(program_);
  }

 private:
  // The outermost level.
  void ParseFunction() {
    const Token name = Next();
    if (name.kind != Token::Kind::kName && name.kind != Token::Kind::kCallName) Fail();
    Expect("(");
    parameters_.clear();
    while (!Accept(")")) {
      const Token parameter = Next();
      if (parameter.kind != Token::Kind::kName) Fail();
      const int slot = static_cast<int>(parameters_.size());
      parameters_[parameter.text] = slot;
      Accept(",");
      SkipNewlines();
    }
    SkipNewlines();
    Function function{.name = name.text, .parameters = parameters_.size()};
    function.body = ParseBlock();
    parameters_.clear();
    program_.functions.push_back(std::move(function));
  }

  void ParseRule() {
    Rule rule;
    if (Accept("BEGIN")) {
      rule.kind = Rule::Kind::kBegin;
    } else if (Accept("END")) {
      rule.kind = Rule::Kind::kEnd;
    } else if (!Peek().Is("{")) {
      rule.patterns.push_back(ParseExpression());
      if (Accept(",")) {
        SkipNewlines();
        rule.kind = Rule::Kind::kRange;
        rule.patterns.push_back(ParseExpression());
      }
    }
    const bool needs_action = rule.kind == Rule::Kind::kBegin || rule.kind == Rule::Kind::kEnd;
    if (needs_action) SkipNewlines();
    if (Peek().Is("{")) {
      rule.action = ParseBlock();
    } else if (needs_action) {
      Fail();
    } else if (Peek().kind != Token::Kind::kEnd && Peek().kind != Token::Kind::kNewline &&
               !Peek().Is(";")) {
      Fail();
    }
    program_.rules.push_back(std::move(rule));
  }

  // Statements.
  static StatementPointer MakeStatement(Statement::Kind kind) {
    auto statement = std::make_unique<Statement>();
    statement->kind = kind;
    return statement;
  }

  StatementPointer ParseBlock() {
    Expect("{");
    auto block = MakeStatement(Statement::Kind::kBlock);
    SkipEnds();
    while (!Accept("}")) {
      if (Peek().kind == Token::Kind::kEnd) Fail();
      block->statements.push_back(ParseStatement());
      SkipEnds();
    }
    return block;
  }

  // A simple statement ends with a line, ";" or before "}".
  void End() {
    if (Peek().Is("}") || Peek().kind == Token::Kind::kEnd) return;
    if (Accept(";")) return;
    if (Peek().kind != Token::Kind::kNewline) Fail();
    ++at_;
  }

  StatementPointer ParseBody() {
    SkipNewlines();
    if (Accept(";")) return nullptr;
    return ParseStatement();
  }

  StatementPointer ParseStatement() {
    if (Peek().Is("{")) return ParseBlock();
    if (Accept("if")) return ParseIf();
    if (Accept("while")) return ParseWhile();
    if (Accept("do")) return ParseDo();
    if (Accept("for")) return ParseFor();
    StatementPointer statement = ParseSimple();
    End();
    return statement;
  }

  ExpressionPointer ParseInParentheses() {
    Expect("(");
    ExpressionPointer condition = ParseExpression();
    Expect(")");
    return condition;
  }

  StatementPointer ParseIf() {
    auto statement = MakeStatement(Statement::Kind::kIf);
    statement->expressions.push_back(ParseInParentheses());
    statement->statements.push_back(ParseBody());
    const std::size_t before = at_;
    SkipEnds();
    if (Accept("else")) {
      statement->statements.push_back(ParseBody());
    } else {
      at_ = before;
    }
    return statement;
  }

  StatementPointer ParseWhile() {
    auto statement = MakeStatement(Statement::Kind::kWhile);
    statement->expressions.push_back(ParseInParentheses());
    statement->statements.push_back(ParseBody());
    return statement;
  }

  StatementPointer ParseDo() {
    auto statement = MakeStatement(Statement::Kind::kDo);
    statement->statements.push_back(ParseBody());
    SkipEnds();
    Expect("while");
    statement->expressions.push_back(ParseInParentheses());
    End();
    return statement;
  }

  StatementPointer ParseFor() {
    Expect("(");
    if (Peek().kind == Token::Kind::kName && Peek(1).Is("in") &&
        Peek(2).kind == Token::Kind::kName && Peek(3).Is(")")) {
      auto statement = MakeStatement(Statement::Kind::kForIn);
      statement->expressions.push_back(Variable(Next().text));
      Expect("in");
      statement->expressions.push_back(Variable(Next().text));
      Expect(")");
      statement->statements.push_back(ParseBody());
      return statement;
    }
    auto statement = MakeStatement(Statement::Kind::kFor);
    statement->statements.push_back(Peek().Is(";") ? nullptr : ParseSimple());
    Expect(";");
    SkipNewlines();
    if (!Peek().Is(";")) statement->expressions.push_back(ParseExpression());
    Expect(";");
    SkipNewlines();
    statement->statements.push_back(Peek().Is(")") ? nullptr : ParseSimple());
    Expect(")");
    statement->statements.push_back(ParseBody());
    return statement;
  }

  bool AtEnd() const {
    return Peek().Is(";") || Peek().Is("}") || Peek().kind == Token::Kind::kNewline ||
           Peek().kind == Token::Kind::kEnd;
  }

  StatementPointer ParseSimple() {
    if (Peek().Is("print") || Peek().Is("printf")) return ParsePrint();
    if (Accept("delete")) {
      auto statement = MakeStatement(Statement::Kind::kDelete);
      statement->expressions.push_back(ParsePrimary());
      return statement;
    }
    constexpr std::pair<std::string_view, Statement::Kind> kWords[] = {
        {"next", Statement::Kind::kNext},   {"nextfile", Statement::Kind::kNextFile},
        {"exit", Statement::Kind::kExit},   {"return", Statement::Kind::kReturn},
        {"break", Statement::Kind::kBreak}, {"continue", Statement::Kind::kContinue}};
    for (const auto& [word, kind] : kWords) {
      if (!Accept(word)) continue;
      auto statement = MakeStatement(kind);
      const bool may_have_value =
          kind == Statement::Kind::kExit || kind == Statement::Kind::kReturn;
      if (may_have_value && !AtEnd()) statement->expressions.push_back(ParseExpression());
      return statement;
    }
    auto statement = MakeStatement(Statement::Kind::kExpression);
    statement->expressions.push_back(ParseExpression());
    return statement;
  }

  bool AtRedirection() const { return Peek().Is(">") || Peek().Is(">>") || Peek().Is("|"); }

  StatementPointer ParsePrint() {
    auto statement =
        MakeStatement(Next().text == "print" ? Statement::Kind::kPrint : Statement::Kind::kPrintf);
    const std::size_t before = at_;
    if (Accept("(")) {
      // All in parentheses, or an expression that begins with some.
      statement->expressions = ParseList(")");
      Expect(")");
      if (!AtEnd() && !AtRedirection()) {
        at_ = before;
        statement->expressions.clear();
      }
    }
    if (at_ == before) {
      const bool outer = greater_redirects_;
      greater_redirects_ = true;
      while (!AtEnd() && !AtRedirection()) {
        statement->expressions.push_back(ParseExpression());
        if (!Accept(",")) break;
        SkipNewlines();
      }
      greater_redirects_ = outer;
    }
    if (AtRedirection()) {
      statement->redirection = Next().text;
      const bool outer = greater_redirects_;
      greater_redirects_ = true;
      statement->expressions.push_back(ParseConcat());
      greater_redirects_ = outer;
    }
    return statement;
  }

  Program program_;
};

}  // namespace

Program Parse(std::string_view program) { return Parser(program).Run(); }

}  // namespace watertight::generator::commands::awk
