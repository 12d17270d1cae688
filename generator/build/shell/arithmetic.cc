#include "generator/build/shell/arithmetic.h"

#include <cctype>
#include <limits>

#include "generator/build/shell/parser.h"

namespace watertight::generator::shell {
namespace {

constexpr int kDeepest = 200;

enum class Operator {
  kNone,
  kPower,
  kMultiply,
  kDivide,
  kRemainder,
  kAdd,
  kSubtract,
  kShiftLeft,
  kShiftRight,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kEqual,
  kNotEqual,
  kBitAnd,
  kBitXor,
  kBitOr,
  kAnd,
  kOr,
};

struct Row {
  std::string_view text;
  int precedence;  // a higher one binds tighter
  Operator operation;
};

// The longest first.
constexpr Row kRows[] = {
    {"**", 12, Operator::kPower},       {"<<", 9, Operator::kShiftLeft},
    {">>", 9, Operator::kShiftRight},   {"<=", 8, Operator::kLessEqual},
    {">=", 8, Operator::kGreaterEqual}, {"==", 7, Operator::kEqual},
    {"!=", 7, Operator::kNotEqual},     {"&&", 3, Operator::kAnd},
    {"||", 2, Operator::kOr},           {"*", 11, Operator::kMultiply},
    {"/", 11, Operator::kDivide},       {"%", 11, Operator::kRemainder},
    {"+", 10, Operator::kAdd},          {"-", 10, Operator::kSubtract},
    {"<", 8, Operator::kLess},          {">", 8, Operator::kGreater},
    {"&", 6, Operator::kBitAnd},        {"^", 5, Operator::kBitXor},
    {"|", 4, Operator::kBitOr},
};

std::int64_t Wrapped(std::uint64_t value) { return static_cast<std::int64_t>(value); }

class Evaluator {
 public:
  Evaluator(std::string_view text, const Variables& variables, Language language, int depth)
      : text_(text), variables_(variables), language_(language), depth_(depth) {
    if (depth > kDeepest) throw ScriptError{"expression recursion loop detected"};
  }

  std::int64_t Run() {
    SkipBlanks();
    if (at_ == text_.size()) return 0;
    std::int64_t value = Assignment();
    while (language_ != Language::kDash && Skip(",")) value = Assignment();
    SkipBlanks();
    if (at_ != text_.size()) Fail();
    return value;
  }

 private:
  [[noreturn]] void Fail(std::string_view what = "expecting EOF") const {
    if (language_ == Language::kDash) {
      throw ScriptError{"arithmetic expression: " + std::string(what) + ": \"" +
                        std::string(text_) + "\""};
    }
    throw ScriptError{"arithmetic syntax error"};
  }

  [[noreturn]] void DividedByZero() const {
    if (language_ == Language::kDash) Fail("division by zero");
    throw ScriptError{"divide by zero"};
  }

  void SkipBlanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  bool Sees(std::string_view text) {
    SkipBlanks();
    return text_.substr(at_).starts_with(text);
  }

  bool Skip(std::string_view text) {
    if (!Sees(text)) return false;
    at_ += text.size();
    return true;
  }

  std::string Name() {
    std::string name;
    while (at_ < text_.size() && IsNameCharacter(text_[at_])) name += text_[at_++];
    return name;
  }

  // A variable's value may be an expression itself in busybox and bash.
  std::int64_t Value(const std::string& name) {
    const std::string value = variables_.get(name);
    if (!evaluates_) return 0;
    if (language_ == Language::kDash) return PlainNumber(value);
    return Evaluator(value, variables_, language_, depth_ + 1).Run();
  }

  // dash takes no expression there.
  std::int64_t PlainNumber(const std::string& text) const {
    if (text.find_first_not_of(" \t\n") == text.npos) return 0;
    const std::size_t begin = text.find_first_not_of(" \t\n+-");
    const bool number = begin != text.npos && begin <= text.find_first_of("0123456789") &&
                        text.find_first_not_of("0123456789abcdefABCDEFxX", begin) == text.npos;
    if (!number) throw ScriptError{"Illegal number: " + text};
    try {
      return Evaluator(text, variables_, language_, depth_ + 1).Run();
    } catch (const ScriptError&) {
      throw ScriptError{"Illegal number: " + text};
    }
  }

  void Set(const std::string& name, std::int64_t value) {
    if (evaluates_) variables_.set(name, std::to_string(value));
  }

  std::int64_t Assignment() {
    if (++depth_ > kDeepest) throw ScriptError{"expression recursion loop detected"};
    const std::int64_t value = AssignmentOrConditional();
    --depth_;
    return value;
  }

  std::int64_t AssignmentOrConditional() {
    SkipBlanks();
    const std::size_t begin = at_;
    if (at_ < text_.size() && IsNameStart(text_[at_])) {
      const std::string name = Name();
      SkipBlanks();
      if (Sees("=") && !Sees("==")) {
        Skip("=");
        const std::int64_t value = Assignment();
        Set(name, value);
        return value;
      }
      for (const Row& row : kRows) {
        const bool assigns = row.operation != Operator::kAnd && row.operation != Operator::kOr &&
                             (row.precedence >= 9 || (row.precedence >= 4 && row.precedence <= 6));
        if (!assigns || !Skip(std::string(row.text) + "=")) continue;
        const std::int64_t left = Value(name);
        const std::int64_t value = Apply(row.operation, left, Assignment());
        Set(name, value);
        return value;
      }
      at_ = begin;
    }
    return Conditional();
  }

  std::int64_t Conditional() {
    const std::int64_t condition = Binary(2);
    if (!Skip("?")) return condition;
    const bool outer = evaluates_;
    evaluates_ = outer && condition != 0;
    const std::int64_t yes = Assignment();
    if (!Skip(":")) Fail("expecting ':'");
    evaluates_ = outer && condition == 0;
    const std::int64_t no = Assignment();
    evaluates_ = outer;
    return condition != 0 ? yes : no;
  }

  const Row* BinaryOperator() {
    SkipBlanks();
    for (const Row& row : kRows) {
      if (!text_.substr(at_).starts_with(row.text)) continue;
      if (row.operation == Operator::kPower && language_ == Language::kDash) continue;
      // An assignment, which is none of a value: an error of the caller's.
      const bool assigns = text_.substr(at_ + row.text.size()).starts_with("=") &&
                           row.precedence != 8 && row.precedence != 7;
      return assigns ? nullptr : &row;
    }
    return nullptr;
  }

  std::int64_t Binary(int least) {
    std::int64_t left = Unary();
    for (const Row* row = BinaryOperator(); row != nullptr && row->precedence >= least;
         row = BinaryOperator()) {
      at_ += row->text.size();
      const bool outer = evaluates_;
      if (row->operation == Operator::kAnd) evaluates_ = outer && left != 0;
      if (row->operation == Operator::kOr) evaluates_ = outer && left == 0;
      const bool right_first = row->operation == Operator::kPower;
      const std::int64_t right = Binary(right_first ? row->precedence : row->precedence + 1);
      left = Apply(row->operation, left, right);
      evaluates_ = outer;
    }
    return left;
  }

  std::int64_t Unary() {
    if (++depth_ > kDeepest) throw ScriptError{"expression recursion loop detected"};
    const std::int64_t value = UnaryOrPrimary();
    --depth_;
    return value;
  }

  std::int64_t UnaryOrPrimary() {
    if (language_ != Language::kDash && (Sees("++") || Sees("--"))) return Increment();
    if (Skip("!")) return Unary() == 0 ? 1 : 0;
    if (Skip("~")) return ~Unary();
    if (Skip("-")) return Wrapped(0U - static_cast<std::uint64_t>(Unary()));
    if (Skip("+")) return Unary();
    return Primary();
  }

  std::int64_t Increment() {
    const bool up = text_[at_] == '+';
    at_ += 2;
    SkipBlanks();
    const std::size_t begin = at_;
    const std::string name = Name();
    if (!IsName(name)) {  // - -1
      at_ = begin;
      return Unary();
    }
    const std::int64_t value = Value(name) + (up ? 1 : -1);
    Set(name, value);
    return value;
  }

  std::int64_t Primary() {
    SkipBlanks();
    if (Skip("(")) {
      const std::int64_t value = Assignment();
      if (!Skip(")")) Fail("expecting ')'");
      return value;
    }
    if (at_ == text_.size()) Fail("expecting primary");
    if (std::isdigit(static_cast<unsigned char>(text_[at_])) != 0) return Number();
    const std::string name = Name();
    if (name.empty()) Fail("expecting primary");
    const std::int64_t value = Value(name);
    if (language_ == Language::kDash) return value;
    for (const auto& [text, change] : {std::pair{"++", 1}, std::pair{"--", -1}}) {
      if (!Sees(text)) continue;
      Skip(text);
      Set(name, value + change);
      break;
    }
    return value;
  }

  std::int64_t Number() {
    std::string digits;
    while (at_ < text_.size() && std::isalnum(static_cast<unsigned char>(text_[at_])) != 0) {
      digits += text_[at_++];
    }
    int base = 10;
    std::size_t begin = 0;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
      base = 16;
      begin = 2;
    } else if (digits.size() > 1 && digits[0] == '0') {
      base = 8;
      begin = 1;
    } else if (language_ != Language::kDash && at_ < text_.size() && text_[at_] == '#') {
      base = std::stoi(digits.substr(0, 4));
      if (base < 2 || base > 36) Fail();
      ++at_;
      digits.clear();
      while (at_ < text_.size() && IsNameCharacter(text_[at_])) digits += text_[at_++];
    }
    return Digits(digits.substr(begin), base);
  }

  std::int64_t Digits(const std::string& digits, int base) const {
    std::uint64_t value = 0;
    for (const char c : digits) {
      const int lower = std::tolower(static_cast<unsigned char>(c));
      const int digit = std::isdigit(lower) != 0 ? lower - '0' : lower - 'a' + 10;
      if (digit < 0 || digit >= base) Fail("expecting EOF");
      constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
      if (value > (kMost - static_cast<std::uint64_t>(digit)) / static_cast<std::uint64_t>(base)) {
        return std::numeric_limits<std::int64_t>::max();
      }
      value = value * static_cast<std::uint64_t>(base) + static_cast<std::uint64_t>(digit);
    }
    return static_cast<std::int64_t>(value);
  }

  std::int64_t Apply(Operator operation, std::int64_t left, std::int64_t right) const;
  std::int64_t Divide(Operator operation, std::int64_t left, std::int64_t right) const {
    if (right == 0) {
      if (!evaluates_) return 0;
      DividedByZero();
    }
    if (right == -1)
      return operation == Operator::kDivide ? Wrapped(0U - static_cast<std::uint64_t>(left)) : 0;
    return operation == Operator::kDivide ? left / right : left % right;
  }

  std::string_view text_;
  const Variables& variables_;
  Language language_;
  int depth_;
  std::size_t at_ = 0;
  bool evaluates_ = true;
};

std::int64_t Power(std::int64_t base, std::int64_t exponent) {
  std::uint64_t result = 1;
  auto factor = static_cast<std::uint64_t>(base);
  for (; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result *= factor;
    factor *= factor;
  }
  return Wrapped(result);
}

std::int64_t Evaluator::Apply(Operator operation, std::int64_t left, std::int64_t right) const {
  const auto a = static_cast<std::uint64_t>(left);
  const auto b = static_cast<std::uint64_t>(right);
  switch (operation) {
    case Operator::kPower:
      return Power(left, right);
    case Operator::kMultiply:
      return Wrapped(a * b);
    case Operator::kDivide:
    case Operator::kRemainder:
      return Divide(operation, left, right);
    case Operator::kAdd:
      return Wrapped(a + b);
    case Operator::kSubtract:
      return Wrapped(a - b);
    case Operator::kShiftLeft:
      return Wrapped(a << (b & 63));
    case Operator::kShiftRight:
      return left >> (b & 63);
    case Operator::kLess:
      return left < right ? 1 : 0;
    case Operator::kLessEqual:
      return left <= right ? 1 : 0;
    case Operator::kGreater:
      return left > right ? 1 : 0;
    case Operator::kGreaterEqual:
      return left >= right ? 1 : 0;
    case Operator::kEqual:
      return left == right ? 1 : 0;
    case Operator::kNotEqual:
      return left != right ? 1 : 0;
    case Operator::kBitAnd:
      return left & right;
    case Operator::kBitXor:
      return left ^ right;
    case Operator::kBitOr:
      return left | right;
    case Operator::kAnd:
      return left != 0 && right != 0 ? 1 : 0;
    case Operator::kOr:
      return left != 0 || right != 0 ? 1 : 0;
    case Operator::kNone:
      break;
  }
  return 0;
}

}  // namespace

std::int64_t Evaluate(std::string_view expression, const Variables& variables, Language language) {
  return Evaluator(expression, variables, language, 0).Run();
}

}  // namespace watertight::generator::shell
