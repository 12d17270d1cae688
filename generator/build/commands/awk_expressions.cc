#include "generator/build/commands/awk_expressions.h"

#include <utility>

namespace watertight::generator::commands::awk {
namespace {

using Kind = Expression::Kind;

ExpressionPointer Make(Kind kind, std::string text = {}) {
  auto expression = std::make_unique<Expression>();
  expression->kind = kind;
  expression->text = std::move(text);
  return expression;
}

ExpressionPointer Join(Kind kind, std::string text, ExpressionPointer left, ExpressionPointer right,
                       int line = 1) {
  auto expression = Make(kind, std::move(text));
  expression->line = line;
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

}  // namespace

std::vector<ExpressionPointer> ExpressionParser::ParseList(std::string_view end) {
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

ExpressionPointer ExpressionParser::Variable(const std::string& name) const {
  auto variable = Make(Kind::kVariable, name);
  const auto parameter = parameters_.find(name);
  if (parameter != parameters_.end()) variable->slot = parameter->second;
  return variable;
}

ExpressionPointer ExpressionParser::ParseExpression() {
  ExpressionPointer left = ParseCondition();
  if (!IsLvalue(*left)) return left;
  for (const std::string_view sign : {"=", "+=", "-=", "*=", "/=", "%=", "^="}) {
    const int line = Peek().line;
    if (!Accept(sign)) continue;
    SkipNewlines();
    return Join(Kind::kAssign, std::string(sign.substr(0, sign.size() - 1)), std::move(left),
                ParseExpression(), line);
  }
  return left;
}

ExpressionPointer ExpressionParser::ParseCondition() {
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

ExpressionPointer ExpressionParser::ParseOr() {
  ExpressionPointer left = ParseAnd();
  while (Accept("||")) {
    SkipNewlines();
    left = Join(Kind::kOr, "", std::move(left), ParseAnd());
  }
  return left;
}

ExpressionPointer ExpressionParser::ParseAnd() {
  ExpressionPointer left = ParseIn();
  while (Accept("&&")) {
    SkipNewlines();
    left = Join(Kind::kAnd, "", std::move(left), ParseIn());
  }
  return left;
}

ExpressionPointer ExpressionParser::ParseIn() {
  ExpressionPointer left = ParseMatch();
  while (Accept("in")) {
    if (Peek().kind != Token::Kind::kName) Fail();
    ExpressionPointer array = Variable(Next().text);
    left = Join(Kind::kIn, "", std::move(left), std::move(array));
  }
  return left;
}

ExpressionPointer ExpressionParser::ParseMatch() {
  ExpressionPointer left = ParseComparison();
  while (Peek().Is("~") || Peek().Is("!~")) {
    const std::string sign = Next().text;
    left = Join(Kind::kMatch, sign, std::move(left), ParseComparison());
  }
  return left;
}

ExpressionPointer ExpressionParser::ParseComparison() {
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

bool ExpressionParser::StartsOperand() const {
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

ExpressionPointer ExpressionParser::ParseConcat() {
  ExpressionPointer left = ParseSum();
  while (StartsOperand() && !Peek().Is("!")) {
    left = Join(Kind::kConcat, "", std::move(left), ParseSum());
  }
  return left;
}

ExpressionPointer ExpressionParser::ParseSum() {
  ExpressionPointer left = ParseProduct();
  while (Peek().Is("+") || Peek().Is("-")) {
    const std::string sign = Next().text;
    left = Join(Kind::kArithmetic, sign, std::move(left), ParseProduct());
  }
  return left;
}

ExpressionPointer ExpressionParser::ParseProduct() {
  ExpressionPointer left = ParseUnary();
  while (Peek().Is("*") || Peek().Is("/") || Peek().Is("%")) {
    const Token sign = Next();
    left = Join(Kind::kArithmetic, sign.text, std::move(left), ParseUnary(), sign.line);
  }
  return left;
}

ExpressionPointer ExpressionParser::ParseUnary() {
  if (Accept("!")) return Wrap(Kind::kNot, "", ParseUnary());
  if (Accept("-")) return Wrap(Kind::kNegative, "", ParseUnary());
  if (Accept("+")) return Wrap(Kind::kPositive, "", ParseUnary());
  return ParsePower();
}

ExpressionPointer ExpressionParser::ParsePower() {
  ExpressionPointer left = ParseIncrease();
  const int line = Peek().line;
  if (!Accept("^")) return left;
  // The power takes a sign of its own, and binds from the right.
  ExpressionPointer right =
      Peek().Is("-") || Peek().Is("+") || Peek().Is("!") ? ParseUnary() : ParsePower();
  return Join(Kind::kArithmetic, "^", std::move(left), std::move(right), line);
}

ExpressionPointer ExpressionParser::ParseIncrease() {
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

void ExpressionParser::AddTarget(Expression& getline) {
  if (Peek().kind == Token::Kind::kName || Peek().Is("$")) {
    getline.children.push_back(ParsePrimary());
  }
}

ExpressionPointer ExpressionParser::ParseGetline() {
  auto target = Make(Kind::kGetline);
  AddTarget(*target);
  if (!Accept("<")) return target;
  ExpressionPointer getline = Wrap(Kind::kGetline, "<", ParseIncrease());
  for (auto& child : target->children) getline->children.push_back(std::move(child));
  return getline;
}

ExpressionPointer ExpressionParser::ParsePrimary() {
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

ExpressionPointer ExpressionParser::ParseCall(Kind kind, const std::string& name) {
  auto call = Make(kind, name);
  call->line = Peek().line;
  Expect("(");
  call->children = ParseList(")");
  Expect(")");
  return call;
}

ExpressionPointer ExpressionParser::ParseGroup() {
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

}  // namespace watertight::generator::commands::awk
