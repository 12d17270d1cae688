// expr.

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/regex.h"

namespace watertight::generator::commands {
namespace {

// Ends the evaluation with a message and status 2.
struct Mistake {
  std::string coreutils;
  std::string busybox;
};

std::optional<std::int64_t> Integer(const std::string& text) {
  const bool negative = text.starts_with('-');
  const auto number = NumberOf(negative ? text.substr(1) : text);
  if (!number) return std::nullopt;
  return negative ? -*number : *number;
}

bool IsNull(const std::string& value) {
  return value.empty() || (Integer(value) && *Integer(value) == 0);
}

class Evaluator {
 public:
  explicit Evaluator(const std::vector<std::string>& words) : words_(words) {}

  std::string Evaluate() {
    std::string value = Or();
    if (at_ < words_.size())
      throw Mistake{"syntax error: unexpected argument " + Quoted(words_[at_]), "syntax error"};
    return value;
  }

 private:
  bool Take(std::string_view word) {
    if (at_ == words_.size() || words_[at_] != word) return false;
    ++at_;
    return true;
  }

  std::string Or() {
    std::string left = And();
    while (Take("|")) {
      const std::string right = And();
      if (IsNull(left)) left = IsNull(right) ? "0" : right;
    }
    return left;
  }

  std::string And() {
    std::string left = Comparison();
    while (Take("&")) {
      const std::string right = Comparison();
      if (IsNull(left) || IsNull(right)) left = "0";
    }
    return left;
  }

  std::string Comparison() {
    std::string left = Sum();
    while (at_ < words_.size()) {
      const std::string sign = words_[at_];
      if (sign != "=" && sign != "==" && sign != "!=" && sign != "<" && sign != "<=" &&
          sign != ">" && sign != ">=") {
        break;
      }
      ++at_;
      const std::string right = Sum();
      const auto x = Integer(left);
      const auto y = Integer(right);
      const int order = x && y ? (*x < *y ? -1 : *x > *y ? 1 : 0) : left.compare(right);
      const bool holds = sign == "!="   ? order != 0
                         : sign == "<"  ? order < 0
                         : sign == "<=" ? order <= 0
                         : sign == ">"  ? order > 0
                         : sign == ">=" ? order >= 0
                                        : order == 0;
      left = holds ? "1" : "0";
    }
    return left;
  }

  static std::int64_t Number(const std::string& text) {
    const auto number = Integer(text);
    if (!number) throw Mistake{"non-integer argument", "non-numeric argument"};
    return *number;
  }

  std::string Sum() {
    std::string left = Product();
    while (at_ < words_.size() && (words_[at_] == "+" || words_[at_] == "-")) {
      const bool plus = words_[at_++] == "+";
      const std::int64_t right = Number(Product());
      const std::int64_t value = Number(left);
      left = std::to_string(plus ? value + right : value - right);
    }
    return left;
  }

  std::string Product() {
    std::string left = Match();
    while (at_ < words_.size() &&
           (words_[at_] == "*" || words_[at_] == "/" || words_[at_] == "%")) {
      const char sign = words_[at_++][0];
      const std::int64_t right = Number(Match());
      const std::int64_t value = Number(left);
      if (sign != '*' && right == 0) throw Mistake{"division by zero", "division by zero"};
      left = std::to_string(sign == '*'   ? value * right
                            : sign == '/' ? value / right
                                          : value % right);
    }
    return left;
  }

  std::string Match() {
    std::string left = Primary();
    while (Take(":")) left = Matched(left, Primary());
    return left;
  }

  // The first group, else the length of the match from the beginning.
  static std::string Matched(const std::string& text, const std::string& pattern) {
    try {
      // The leftmost match is at the beginning if there is one there.
      const Regex regex(pattern, {});
      const auto match = regex.Search(text, 0);
      const bool begins = match && match->begin() == 0;
      if (regex.group_count() > 0) return begins ? std::string(match->Text(text, 1)) : "";
      return std::to_string(begins ? match->end() : 0);
    } catch (const RegexError& error) {
      throw Mistake{error.message, error.message};
    }
  }

  std::string Primary() {
    if (at_ == words_.size()) {
      const std::string before = at_ == 0 ? "" : words_[at_ - 1];
      throw Mistake{"syntax error: missing argument after " + Quoted(before), "syntax error"};
    }
    const std::string word = words_[at_++];
    if (word == "(") {
      std::string value = Or();
      if (!Take(")")) throw Mistake{"syntax error: expecting ')'", "syntax error"};
      return value;
    }
    if (at_ == words_.size()) return word;
    if (word == "length") return std::to_string(Primary().size());
    if (word == "match") {
      const std::string text = Primary();
      return Matched(text, Primary());
    }
    if (word == "index") {
      const std::string text = Primary();
      const std::size_t at = text.find_first_of(Primary());
      return std::to_string(at == text.npos ? 0 : at + 1);
    }
    if (word == "substr") {
      const std::string text = Primary();
      const std::int64_t from = Number(Primary());
      const std::int64_t length = Number(Primary());
      if (from < 1 || length < 1 || from > static_cast<std::int64_t>(text.size())) return "";
      return text.substr(static_cast<std::size_t>(from - 1), static_cast<std::size_t>(length));
    }
    return word;
  }

  const std::vector<std::string>& words_;
  std::size_t at_ = 0;
};

}  // namespace

int Expr(Process& process) {
  std::vector<std::string> words = process.Operands();
  if (!words.empty() && words[0] == "--") words.erase(words.begin());
  if (words.empty()) {
    if (process.busybox()) return process.Fail("too few arguments"), 2;
    return MisusedBy(process, "missing operand", 2);
  }
  try {
    const std::string value = Evaluator(words).Evaluate();
    process.Write(1, value + "\n");
    return IsNull(value) ? 1 : 0;
  } catch (const Mistake& mistake) {
    Complain(process, mistake.coreutils, mistake.busybox);
    return 2;
  }
}

}  // namespace watertight::generator::commands
