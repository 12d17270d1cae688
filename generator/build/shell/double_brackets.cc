// [[ … ]]: words are not split, patterns match, && and || are part of it.

#include <utility>

#include "generator/build/shell/interpreter.h"
#include "generator/build/shell/pattern.h"
#include "generator/build/shell/test.h"

namespace watertight::generator::shell {
namespace {

class Brackets {
 public:
  Brackets(Interpreter& shell, const std::vector<Word>& words) : shell_(shell), words_(words) {}

  bool Evaluate() {
    const bool value = Or();
    if (at_ < words_.size()) throw TestError{"syntax error in conditional expression"};
    return value;
  }

 private:
  const std::string* Literal(std::size_t at) const {
    return at < words_.size() ? LiteralText(words_[at]) : nullptr;
  }

  bool Take(std::string_view word) {
    const std::string* text = Literal(at_);
    if (text == nullptr || *text != word) return false;
    ++at_;
    return true;
  }

  std::string Next() {
    if (at_ >= words_.size()) throw TestError{"argument expected"};
    return evaluates_ ? shell_.Text(words_[at_++]) : (++at_, "");
  }

  bool Or() {
    bool value = And();
    while (Take("||") || Take("-o")) {
      const bool outer = std::exchange(evaluates_, evaluates_ && !value);
      const bool right = And();
      evaluates_ = outer;
      value = value || right;
    }
    return value;
  }

  bool And() {
    bool value = Not();
    while (Take("&&") || Take("-a")) {
      const bool outer = std::exchange(evaluates_, evaluates_ && value);
      const bool right = Not();
      evaluates_ = outer;
      value = value && right;
    }
    return value;
  }

  bool Not() {
    bool negated = false;
    while (Take("!")) negated = !negated;
    return Primary() != negated;
  }

  bool Primary() {
    if (Take("(")) {
      const Deeper deeper(shell_.process.machine());
      const bool value = Or();
      if (!Take(")")) throw TestError{"closing paren expected"};
      return value;
    }
    const std::string* operation = Literal(at_ + 1);
    if (operation != nullptr && *operation == "=~") NotModelled("[[ … =~ … ]]");
    if (operation != nullptr && at_ + 2 < words_.size() &&
        IsTestComparison(*operation, shell_.language)) {
      return Comparison(*operation);
    }
    const std::string* first = Literal(at_);
    if (first != nullptr && first->size() == 2 && (*first)[0] == '-' && at_ + 1 < words_.size()) {
      ++at_;
      const std::string operand = Next();
      if ((*first)[1] == 'v') return shell_.Find(operand) != nullptr;
      return evaluates_ && TestFile(shell_.process, (*first)[1], operand);
    }
    return !Next().empty();
  }

  bool Comparison(const std::string& operation) {
    const std::string left = Next();
    ++at_;
    const bool equal = operation == "=" || operation == "==";
    if (!evaluates_) {
      ++at_;
      return false;
    }
    if (equal || operation == "!=") {
      return MatchesPattern(shell_.PatternOf(words_[at_++]), left) == equal;
    }
    const std::string right = Next();
    if (!operation.starts_with('-') || operation == "-nt" || operation == "-ot" ||
        operation == "-ef") {
      return TestCompare(shell_.process, left, operation, right, shell_.language);
    }
    // Numbers are expressions here.
    return TestCompare(shell_.process, std::to_string(shell_.Arithmetic(left)), operation,
                       std::to_string(shell_.Arithmetic(right)), shell_.language);
  }

  Interpreter& shell_;
  const std::vector<Word>& words_;
  std::size_t at_ = 0;
  bool evaluates_ = true;
};

}  // namespace

bool Interpreter::Matches(const Word& pattern, const std::string& value) {
  return MatchesPattern(PatternOf(pattern), value);
}

int Interpreter::EvaluateTest(const Node& node) {
  line = node.line;
  try {
    return Brackets(*this, node.words).Evaluate() ? 0 : 1;
  } catch (const TestError& error) {
    Complain(error.message);
    return 2;
  }
}

}  // namespace watertight::generator::shell
