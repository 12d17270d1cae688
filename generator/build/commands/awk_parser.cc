#include <algorithm>
#include <map>

#include "generator/build/commands/awk_syntax.h"

namespace watertight::generator::commands::awk {
namespace {

using Kind = Expression::Kind;

ExpressionPointer Make(Kind kind, std::string text = {}) {
  auto expression = std::make_unique<Expression>();
  expression->kind = kind;
  expression->text = std::move(text);
  return expression;
}

ExpressionPointer Join(Kind kind, std::string text, ExpressionPointer left,
                       ExpressionPointer right) {
  auto expression = Make(kind, std::move(text));
  expression->children.push_back(std::move(left));
  expression->children.push_back(std::move(right));
  return expression;
}

ExpressionPointer Wrap(Kind kind, std::string text, ExpressionPointer child) {
  auto expression = Make(kind, std::move(text));
  expression->children.push_back(std::move(child));
  return expression;
}

bool IsLvalue(const Expression& expression) {
  return expression.kind == Kind::kVariable || expression.kind == Kind::kField ||
         expression.kind == Kind::kElement;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(Tokens(text)) {}

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
  // Tokens.
  const Token& Peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  Token Next() { return tokens_[at_ < tokens_.size() - 1 ? at_++ : at_]; }
  bool Accept(std::string_view sign) {
    if (!Peek().Is(sign)) return false;
    ++at_;
    return true;
  }
  void Expect(std::string_view sign) {
    if (!Accept(sign)) Fail();
  }
  [[noreturn]] void Fail() const { throw SyntaxError{Peek().line, Peek().text}; }
  void SkipNewlines() {
    while (Peek().kind == Token::Kind::kNewline) ++at_;
  }
  void SkipEnds() {
    while (Peek().kind == Token::Kind::kNewline || Peek().Is(";")) ++at_;
  }

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

  // Expressions.
  std::vector<ExpressionPointer> ParseList(std::string_view end) {
    const bool outer = greater_redirects_;
    greater_redirects_ = false;
    std::vector<ExpressionPointer> list;
    SkipNewlines();
    while (!Peek().Is(end)) {
      list.push_back(ParseExpression());
      SkipNewlines();
      if (!Accept(",")) break;
      SkipNewlines();
    }
    greater_redirects_ = outer;
    return list;
  }

  ExpressionPointer Variable(const std::string& name) const {
    auto variable = Make(Kind::kVariable, name);
    const auto parameter = parameters_.find(name);
    if (parameter != parameters_.end()) variable->slot = parameter->second;
    return variable;
  }

  ExpressionPointer ParseExpression() {
    ExpressionPointer left = ParseCondition();
    if (!IsLvalue(*left)) return left;
    for (const std::string_view sign : {"=", "+=", "-=", "*=", "/=", "%=", "^="}) {
      if (!Accept(sign)) continue;
      SkipNewlines();
      return Join(Kind::kAssign, std::string(sign.substr(0, sign.size() - 1)), std::move(left),
                  ParseExpression());
    }
    return left;
  }

  ExpressionPointer ParseCondition() {
    ExpressionPointer condition = ParseOr();
    if (!Accept("?")) return condition;
    auto expression = Wrap(Kind::kCondition, "", std::move(condition));
    SkipNewlines();
    expression->children.push_back(ParseExpression());
    SkipNewlines();
    Expect(":");
    SkipNewlines();
    expression->children.push_back(ParseExpression());
    return expression;
  }

  ExpressionPointer ParseOr() {
    ExpressionPointer left = ParseAnd();
    while (Accept("||")) {
      SkipNewlines();
      left = Join(Kind::kOr, "", std::move(left), ParseAnd());
    }
    return left;
  }

  ExpressionPointer ParseAnd() {
    ExpressionPointer left = ParseIn();
    while (Accept("&&")) {
      SkipNewlines();
      left = Join(Kind::kAnd, "", std::move(left), ParseIn());
    }
    return left;
  }

  ExpressionPointer ParseIn() {
    ExpressionPointer left = ParseMatch();
    while (Accept("in")) {
      if (Peek().kind != Token::Kind::kName) Fail();
      ExpressionPointer array = Variable(Next().text);
      left = Join(Kind::kIn, "", std::move(left), std::move(array));
    }
    return left;
  }

  ExpressionPointer ParseMatch() {
    ExpressionPointer left = ParseComparison();
    while (Peek().Is("~") || Peek().Is("!~")) {
      const std::string sign = Next().text;
      left = Join(Kind::kMatch, sign, std::move(left), ParseComparison());
    }
    return left;
  }

  ExpressionPointer ParseComparison() {
    ExpressionPointer left = ParseConcat();
    for (const std::string_view sign : {"<", "<=", "==", "!=", ">", ">="}) {
      if (!Peek().Is(sign) || (sign == ">" && greater_redirects_)) continue;
      ++at_;
      left = Join(Kind::kCompare, std::string(sign), std::move(left), ParseConcat());
      break;
    }
    while (Peek().Is("|") && Peek(1).Is("getline")) {
      at_ += 2;
      left = Wrap(Kind::kGetline, "|", std::move(left));
      AddTarget(*left);
    }
    return left;
  }

  bool StartsOperand() const {
    switch (Peek().kind) {
      case Token::Kind::kNumber:
      case Token::Kind::kString:
      case Token::Kind::kRegex:
      case Token::Kind::kName:
      case Token::Kind::kCallName:
      case Token::Kind::kBuiltin:
        return true;
      default:
        return Peek().Is("$") || Peek().Is("(") || Peek().Is("!") || Peek().Is("-") ||
               Peek().Is("+") || Peek().Is("++") || Peek().Is("--");
    }
  }

  ExpressionPointer ParseConcat() {
    ExpressionPointer left = ParseSum();
    while (StartsOperand() && !Peek().Is("!")) {
      left = Join(Kind::kConcat, "", std::move(left), ParseSum());
    }
    return left;
  }

  ExpressionPointer ParseSum() {
    ExpressionPointer left = ParseProduct();
    while (Peek().Is("+") || Peek().Is("-")) {
      const std::string sign = Next().text;
      left = Join(Kind::kArithmetic, sign, std::move(left), ParseProduct());
    }
    return left;
  }

  ExpressionPointer ParseProduct() {
    ExpressionPointer left = ParseUnary();
    while (Peek().Is("*") || Peek().Is("/") || Peek().Is("%")) {
      const std::string sign = Next().text;
      left = Join(Kind::kArithmetic, sign, std::move(left), ParseUnary());
    }
    return left;
  }

  ExpressionPointer ParseUnary() {
    if (Accept("!")) return Wrap(Kind::kNot, "", ParseUnary());
    if (Accept("-")) return Wrap(Kind::kNegative, "", ParseUnary());
    if (Accept("+")) return Wrap(Kind::kPositive, "", ParseUnary());
    return ParsePower();
  }

  ExpressionPointer ParsePower() {
    ExpressionPointer left = ParseIncrease();
    if (!Accept("^")) return left;
    // The power takes a sign of its own, and binds from the right.
    ExpressionPointer right =
        Peek().Is("-") || Peek().Is("+") || Peek().Is("!") ? ParseUnary() : ParsePower();
    return Join(Kind::kArithmetic, "^", std::move(left), std::move(right));
  }

  ExpressionPointer ParseIncrease() {
    for (const std::string_view sign : {"++", "--"}) {
      if (!Accept(sign)) continue;
      return Wrap(Kind::kIncrease, std::string(sign) + "x", ParseIncrease());
    }
    ExpressionPointer operand = ParsePrimary();
    if (!IsLvalue(*operand)) return operand;
    for (const std::string_view sign : {"++", "--"}) {
      if (Accept(sign)) return Wrap(Kind::kIncrease, "x" + std::string(sign), std::move(operand));
    }
    return operand;
  }

  // What getline assigns to, if it is named.
  void AddTarget(Expression& getline) {
    if (Peek().kind == Token::Kind::kName || Peek().Is("$")) {
      getline.children.push_back(ParsePrimary());
    }
  }

  ExpressionPointer ParseGetline() {
    auto target = Make(Kind::kGetline);
    AddTarget(*target);
    if (!Accept("<")) return target;
    ExpressionPointer getline = Wrap(Kind::kGetline, "<", ParseIncrease());
    for (auto& child : target->children) getline->children.push_back(std::move(child));
    return getline;
  }

  ExpressionPointer ParsePrimary() {
    if (Accept("$")) return Wrap(Kind::kField, "", ParseIncrease());
    if (Accept("getline")) return ParseGetline();
    if (Peek().Is("(")) return ParseGroup();
    if (Peek().Is("-") || Peek().Is("+") || Peek().Is("!")) return ParseUnary();
    const Token token = Next();
    switch (token.kind) {
      case Token::Kind::kNumber: {
        auto number = Make(Kind::kNumber);
        number->number = token.number;
        return number;
      }
      case Token::Kind::kString:
        return Make(Kind::kString, token.text);
      case Token::Kind::kRegex:
        return Make(Kind::kRegex, token.text);
      case Token::Kind::kCallName:
        return ParseCall(Kind::kCall, token.text);
      case Token::Kind::kBuiltin:
        if (!Peek().Is("(")) {
          if (token.text == "length") return Make(Kind::kBuiltin, token.text);
          --at_;
          Fail();
        }
        return ParseCall(Kind::kBuiltin, token.text);
      case Token::Kind::kName:
        if (Accept("[")) {
          auto element = Variable(token.text);
          element->kind = Kind::kElement;
          element->children = ParseList("]");
          Expect("]");
          return element;
        }
        return Variable(token.text);
      default:
        --at_;
        Fail();
    }
  }

  ExpressionPointer ParseCall(Kind kind, const std::string& name) {
    auto call = Make(kind, name);
    Expect("(");
    call->children = ParseList(")");
    Expect(")");
    return call;
  }

  ExpressionPointer ParseGroup() {
    Expect("(");
    auto group = Make(Kind::kGroup);
    group->children = ParseList(")");
    Expect(")");
    if (group->children.empty()) Fail();
    if (group->children.size() > 1) {
      if (!Peek().Is("in")) Fail();
      return group;
    }
    // In parentheses an assignment's target is none any more.
    return group;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  bool greater_redirects_ = false;
  std::map<std::string, int> parameters_;
  Program program_;
};

}  // namespace

Program Parse(std::string_view program) { return Parser(program).Run(); }

}  // namespace watertight::generator::commands::awk
