// A program of awk as a tree.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator::commands::awk {

struct Expression {
  enum class Kind {
    kNumber,
    kString,
    kRegex,      // `text`; alone it is matched against $0
    kVariable,   // `text`; `slot` of a function's parameter, else -1
    kField,      // $child
    kElement,    // text[children…]
    kGroup,      // (a, b) in front of `in`
    kAssign,     // `text` is the operator before "=", or ""
    kCondition,  // a ? b : c
    kAnd,
    kOr,
    kNot,
    kNegative,
    kPositive,
    kArithmetic,  // `text`: + - * / % ^
    kCompare,     // `text`: < <= == != > >=
    kMatch,       // `text`: ~ or !~
    kConcat,
    kIn,        // child in `text`
    kIncrease,  // `text`: "++x" "x++" "--x" "x--"
    kCall,      // of a function of the program
    kBuiltin,   // of awk's own
    kGetline,   // `text`: "" "<" "|"; children: source, then what is assigned
  };

  Kind kind = Kind::kNumber;
  std::string text = {};
  double number = 0;
  int slot = -1;
  int line = 1;  // of arithmetic and of awk's own functions, for errors
  std::vector<std::unique_ptr<Expression>> children = {};
};
using ExpressionPointer = std::unique_ptr<Expression>;

struct Statement {
  enum class Kind {
    kExpression,
    kPrint,  // `redirection`: "" ">" ">>" "|", then the last child says where
    kPrintf,
    kBlock,
    kIf,
    kWhile,
    kDo,
    kFor,    // statements: begin, step, body; expressions: the condition, if any
    kForIn,  // expressions: variable, array
    kNext,
    kNextFile,
    kExit,
    kReturn,
    kBreak,
    kContinue,
    kDelete,  // an element, or a whole array
  };

  Kind kind = Kind::kBlock;
  std::string redirection = {};
  std::vector<ExpressionPointer> expressions = {};
  std::vector<std::unique_ptr<Statement>> statements = {};  // null: none
};
using StatementPointer = std::unique_ptr<Statement>;

struct Rule {
  enum class Kind { kBegin, kEnd, kPattern, kRange };
  Kind kind = Kind::kPattern;
  std::vector<ExpressionPointer> patterns = {};
  StatementPointer action = {};  // null: print
};

struct Function {
  std::string name;
  std::size_t parameters = 0;
  StatementPointer body = {};
};

struct Program {
  std::vector<Rule> rules;
  std::vector<Function> functions;
};

struct SyntaxError {
  int line = 1;
  std::string near;  // the word that was not expected
};

struct Token {
  enum class Kind {
    kNumber,
    kString,
    kRegex,
    kName,
    kCallName,
    kBuiltin,
    kWord,
    kSign,
    kNewline,
    kEnd
  };
  Kind kind = Kind::kEnd;
  std::string text = {};
  double number = 0;
  int line = 1;

  bool Is(std::string_view sign) const {
    return (kind == Kind::kSign || kind == Kind::kWord) && text == sign;
  }
};

// Throws: SyntaxError.
std::vector<Token> Tokens(std::string_view program);
Program Parse(std::string_view program);

// What \t and the like stand for.
std::string Unescaped(std::string_view text);

}  // namespace watertight::generator::commands::awk
