// test, [ and [[.

#include "generator/build/shell/test.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "generator/build/shell/builtins.h"
#include "generator/build/shell/pattern.h"

namespace watertight::generator::shell {
namespace {

constexpr std::string_view kUnary = "bcdefghkLnOGprsStuwxz";
constexpr std::array<std::string_view, 12> kComparisons = {
    "-eq", "-ne", "-gt", "-ge", "-lt", "-le", "-nt", "-ot", "-ef", "=", "!=", "==",
};

bool IsUnary(std::string_view word) {
  return word.size() == 2 && word[0] == '-' && kUnary.find(word[1]) != kUnary.npos;
}

std::int64_t NumberOf(const std::string& text, Language language) {
  std::string_view digits = text;
  while (!digits.empty() && std::isspace(static_cast<unsigned char>(digits.front())) != 0)
    digits.remove_prefix(1);
  while (!digits.empty() && std::isspace(static_cast<unsigned char>(digits.back())) != 0)
    digits.remove_suffix(1);
  if (digits.starts_with('+')) digits.remove_prefix(1);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) {
    switch (language) {
      case Language::kDash:
        throw TestError{"Illegal number: " + text};
      case Language::kAsh:
        throw TestError{text + ": bad number"};
      case Language::kBash:
        throw TestError{text + ": integer expression expected"};
    }
  }
  return value;
}

}  // namespace

bool IsTestComparison(std::string_view word, Language language) {
  if (word == "<" || word == ">") return true;
  if (word == "==") return language != Language::kDash;
  return std::ranges::find(kComparisons, word) != kComparisons.end();
}

bool TestFile(const Process& process, char letter, const std::string& operand) {
  if (letter == 'n') return !operand.empty();
  if (letter == 'z') return operand.empty();
  if (letter == 't') return false;
  const bool of_link = letter == 'h' || letter == 'L';
  const Found found = process.Stat(operand, of_link ? Follow::kNo : Follow::kYes);
  if (!found) return false;
  const Inode& inode = *found.inode;
  const std::uint32_t mode = inode.attributes.mode;
  switch (letter) {
    case 'b':
      return inode.type == FileType::kBlockDevice;
    case 'c':
      return inode.type == FileType::kCharDevice;
    case 'd':
      return inode.is_directory();
    case 'f':
      return inode.is_regular();
    case 'g':
      return (mode & 02000) != 0;
    case 'h':
    case 'L':
      return inode.is_symlink();
    case 'k':
      return (mode & 01000) != 0;
    case 'O':
      return inode.attributes.uid == process.credentials.uid;
    case 'G':
      return inode.attributes.gid == process.credentials.gid;
    case 'p':
      return inode.type == FileType::kFifo;
    case 'r':
      return process.May(inode, Permission::kRead);
    case 's':
      return inode.is_directory() || !inode.content.empty();
    case 'S':
      return false;
    case 'u':
      return (mode & 04000) != 0;
    case 'w':
      return process.May(inode, Permission::kWrite);
    case 'x':
      return process.May(inode, Permission::kExecute);
    default:
      return true;  // -e
  }
}

bool TestCompare(const Process& process, const std::string& left, std::string_view operation,
                 const std::string& right, Language language) {
  if (operation == "=" || operation == "==") return left == right;
  if (operation == "!=") return left != right;
  if (operation == "<") return left < right;
  if (operation == ">") return left > right;
  if (operation == "-nt" || operation == "-ot" || operation == "-ef") {
    const Found a = process.Stat(left);
    const Found b = process.Stat(right);
    if (operation == "-ef") return a && b && a.number == b.number;
    if (!a || !b) {
      if (language == Language::kDash || (!a && !b)) return false;
      return operation == "-nt" ? static_cast<bool>(a) : static_cast<bool>(b);
    }
    const std::int64_t difference = a.inode->attributes.mtime - b.inode->attributes.mtime;
    return operation == "-nt" ? difference > 0 : difference < 0;
  }
  const std::int64_t a = NumberOf(left, language);
  const std::int64_t b = NumberOf(right, language);
  if (operation == "-eq") return a == b;
  if (operation == "-ne") return a != b;
  if (operation == "-gt") return a > b;
  if (operation == "-ge") return a >= b;
  return operation == "-lt" ? a < b : a <= b;
}

namespace {

// The expression of `test`; how many words there are decides first.
class TestExpression {
 public:
  TestExpression(const Process& process, std::vector<std::string> words, Language language,
                 bool patterns)
      : process_(process), words_(std::move(words)), language_(language), patterns_(patterns) {}

  bool Evaluate() {
    if (words_.empty()) return false;
    const bool value = Count(0, words_.size());
    return value;
  }

 private:
  // POSIX: by the number of words, which keeps odd operands from being taken for operators.
  bool Count(std::size_t begin, std::size_t count) {
    const auto word = [&](std::size_t index) -> const std::string& {
      return words_[begin + index];
    };
    if (count == 1) return !word(0).empty();
    if (count == 2) {
      if (word(0) == "!") return word(1).empty();
      if (IsUnary(word(0))) return TestFile(process_, word(0)[1], word(1));
    }
    if (count == 3) {
      if (IsTestComparison(word(1), language_)) return Compare(word(0), word(1), word(2));
      if (word(1) == "-a") return !word(0).empty() && !word(2).empty();
      if (word(1) == "-o") return !word(0).empty() || !word(2).empty();
      if (word(0) == "!") return !Count(begin + 1, 2);
      if (word(0) == "(" && word(2) == ")") return !word(1).empty();
    }
    if (count == 4) {
      if (word(0) == "!") return !Count(begin + 1, 3);
      if (word(0) == "(" && word(3) == ")") return Count(begin + 1, 2);
    }
    at_ = begin;
    end_ = begin + count;
    const bool value = Or();
    if (at_ < end_)
      throw TestError{Unexpected(words_[language_ == Language::kDash ? at_ - 1 : at_])};
    return value;
  }

  std::string Unexpected(const std::string& word) const {
    switch (language_) {
      case Language::kDash:
        return word + ": unexpected operator";
      case Language::kAsh:
        return word + ": unknown operand";
      case Language::kBash:
        break;
    }
    return words_.size() == 2   ? words_[0] + ": unary operator expected"
           : words_.size() == 3 ? words_[1] + ": binary operator expected"
                                : "too many arguments";
  }

  bool Sees(std::string_view word) const { return at_ < end_ && words_[at_] == word; }

  // [[ of busybox matches patterns.
  bool Compare(const std::string& left, const std::string& operation, const std::string& right) {
    const bool equal = operation == "=" || operation == "==";
    if (patterns_ && (equal || operation == "!=")) return MatchesPattern(right, left) == equal;
    return TestCompare(process_, left, operation, right, language_);
  }

  bool Or() {
    bool value = And();
    while (Sees("-o") || (patterns_ && Sees("||"))) {
      ++at_;
      value = And() || value;
    }
    return value;
  }

  bool And() {
    bool value = Not();
    while (Sees("-a") || (patterns_ && Sees("&&"))) {
      ++at_;
      value = Not() && value;
    }
    return value;
  }

  bool Not() {
    bool negated = false;
    while (Sees("!") && at_ + 1 < end_) {
      negated = !negated;
      ++at_;
    }
    return Primary() != negated;
  }

  bool Primary() {
    if (at_ >= end_) {
      if (language_ == Language::kDash) return false;
      throw TestError{"argument expected"};
    }
    const bool compares = at_ + 2 < end_ && IsTestComparison(words_[at_ + 1], language_);
    if (compares) {
      const std::size_t first = at_;
      at_ += 3;
      return Compare(words_[first], words_[first + 1], words_[first + 2]);
    }
    if (Sees("(")) {
      if (++depth_ > 200) throw TestError{"nested too deeply"};
      ++at_;
      const bool value = Or();
      if (!Sees(")")) throw TestError{"closing paren expected"};
      ++at_;
      --depth_;
      return value;
    }
    if (IsUnary(words_[at_]) && at_ + 1 < end_) {
      at_ += 2;
      return TestFile(process_, words_[at_ - 2][1], words_[at_ - 1]);
    }
    return !words_[at_++].empty();
  }

  const Process& process_;
  std::vector<std::string> words_;
  Language language_;
  bool patterns_;
  std::size_t at_ = 0;
  std::size_t end_ = 0;
  int depth_ = 0;
};

}  // namespace

namespace {

// In busybox the message is the applet's.
int FailTest(Interpreter& shell, const std::string& message) {
  if (shell.language != Language::kAsh) return shell.Fail(message, 2);
  shell.process.Write(2, shell.applet + ": " + message + "\n");
  return 2;
}

}  // namespace

int Test(Interpreter& shell) {
  std::vector<std::string> words = shell.process.Operands();
  const std::string& name = shell.process.arguments[0];
  if (name == "[" || name == "[[") {
    const std::string closing = name == "[" ? "]" : "]]";
    if (words.empty() || words.back() != closing) {
      return FailTest(shell,
                      shell.language == Language::kBash ? "missing `]'" : "missing " + closing);
    }
    words.pop_back();
  }
  try {
    return TestExpression(shell.process, std::move(words), shell.language, name == "[[").Evaluate()
               ? 0
               : 1;
  } catch (const TestError& error) {
    return FailTest(shell, error.message);
  }
}

}  // namespace watertight::generator::shell
