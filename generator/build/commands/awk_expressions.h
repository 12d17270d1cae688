// The expressions of awk: from tokens to a tree.

#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "generator/build/commands/awk_syntax.h"

namespace watertight::generator::commands::awk {

// Reads on from where it is in the tokens of a program. Throws: SyntaxError.
class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) : tokens_(Tokens(text)) {}

 protected:
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

  ExpressionPointer ParseExpression();
  ExpressionPointer ParseConcat();
  ExpressionPointer ParsePrimary();
  // Separated by commas, up to `end`, which is left.
  std::vector<ExpressionPointer> ParseList(std::string_view end);
  ExpressionPointer Variable(const std::string& name) const;

  std::size_t at_ = 0;
  bool greater_redirects_ = false;         // ">" is print's, and compares nothing
  std::map<std::string, int> parameters_;  // of the function that is being read: their slots

 private:
  ExpressionPointer ParseCondition();
  ExpressionPointer ParseOr();
  ExpressionPointer ParseAnd();
  ExpressionPointer ParseIn();
  ExpressionPointer ParseMatch();
  ExpressionPointer ParseComparison();
  bool StartsOperand() const;
  ExpressionPointer ParseSum();
  ExpressionPointer ParseProduct();
  ExpressionPointer ParseUnary();
  ExpressionPointer ParsePower();
  ExpressionPointer ParseIncrease();
  // What getline assigns to, if it is named.
  void AddTarget(Expression& getline);
  ExpressionPointer ParseGetline();
  ExpressionPointer ParseCall(Expression::Kind kind, const std::string& name);
  ExpressionPointer ParseGroup();

  std::vector<Token> tokens_;
};

}  // namespace watertight::generator::commands::awk
