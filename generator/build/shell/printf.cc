#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "generator/build/shell/builtins.h"
#include "generator/build/shell/escapes.h"

namespace watertight::generator::shell {
namespace {

constexpr int kWidest = 1 << 20;

// One run of printf: the format is used again until no argument is left.
class Formatter {
 public:
  Formatter(Interpreter& shell, std::string format, std::vector<std::string> arguments)
      : shell_(shell), format_(std::move(format)), arguments_(std::move(arguments)) {}

  int Run() {
    do {
      const std::size_t before = next_;
      if (!Once()) break;
      if (next_ == before) break;
    } while (next_ < arguments_.size());
    shell_.process.Write(1, output_);
    return status_;
  }

 private:
  // The length of the conversion at `at`, with the flags, width and precision resolved.
  struct Conversion {
    std::string flags;
    int width = 0;
    int precision = -1;
    char letter = '\0';
  };

  EscapeRules Rules(bool argument) const {
    const bool dash = shell_.language == Language::kDash;
    return {.zero_octal = argument,
            .plain_octal = true,
            .hexadecimal = !dash,
            .unicode = shell_.language == Language::kBash,
            .escape = !dash,
            .stop = argument || shell_.language == Language::kAsh};
  }

  bool Once() {
    std::size_t at = 0;
    while (at < format_.size()) {
      const std::size_t percent = std::min(format_.find('%', at), format_.size());
      const std::string_view plain = std::string_view(format_).substr(at, percent - at);
      if (!Unescape(plain, Rules(false), output_)) return false;
      at = percent;
      if (at == format_.size()) break;
      if (at + 1 < format_.size() && format_[at + 1] == '%') {
        output_ += '%';
        at += 2;
        continue;
      }
      Conversion conversion;
      at = ReadConversion(at + 1, conversion);
      if (!Convert(conversion)) return false;
    }
    return true;
  }

  int Number(std::size_t& at) {
    if (at < format_.size() && format_[at] == '*') {
      ++at;
      return std::clamp(std::atoi(Next().c_str()), -kWidest, kWidest);
    }
    int value = 0;
    while (at < format_.size() && std::isdigit(static_cast<unsigned char>(format_[at])) != 0) {
      value = std::min(value * 10 + (format_[at++] - '0'), kWidest);
    }
    return value;
  }

  std::size_t ReadConversion(std::size_t at, Conversion& conversion) {
    const auto look = [&] { return at < format_.size() ? format_[at] : '\0'; };
    while (look() != '\0' && std::string_view("#0-+ ").find(look()) != std::string_view::npos) {
      conversion.flags += format_[at++];
    }
    conversion.width = Number(at);
    if (conversion.width < 0) {
      conversion.flags += '-';
      conversion.width = -conversion.width;
    }
    if (look() == '.') {
      ++at;
      conversion.precision = Number(at);
    }
    while (shell_.language != Language::kDash && look() != '\0' &&
           std::string_view("hlLjzt").find(look()) != std::string_view::npos)
      ++at;
    conversion.letter = look();
    return at + 1;
  }

  std::string Next() { return next_ < arguments_.size() ? arguments_[next_++] : Missing(); }
  std::string Missing() {
    missing_ = true;
    return "";
  }

  void Pad(const Conversion& conversion, std::string text) {
    if (conversion.precision >= 0)
      text.resize(std::min(text.size(), static_cast<std::size_t>(conversion.precision)));
    const auto width = static_cast<std::size_t>(conversion.width);
    const std::string blanks(width > text.size() ? width - text.size() : 0, ' ');
    const bool left = conversion.flags.find('-') != std::string::npos;
    output_ += left ? text + blanks : blanks + text;
  }

  bool Convert(const Conversion& conversion) {
    switch (conversion.letter) {
      case 's':
        Pad(conversion, Next());
        return true;
      case 'c':
        Pad(conversion, Next().substr(0, 1));
        return true;
      case 'b': {
        std::string text;
        const bool goes_on = Unescape(Next(), Rules(true), text);
        Pad(conversion, text);
        return goes_on;
      }
      case 'd':
      case 'i':
      case 'o':
      case 'u':
      case 'x':
      case 'X':
        Integer(conversion);
        return true;
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
      case 'a':
        Floating(conversion);
        return true;
      case 'q':
        if (shell_.language == Language::kBash) NotModelled("printf %q");
        [[fallthrough]];
      default:
        return Invalid(conversion.letter);
    }
  }

  bool Invalid(char letter) {
    status_ = 1;
    const std::string text = "%" + (letter == '\0' ? std::string() : std::string(1, letter));
    switch (shell_.language) {
      case Language::kDash:
        shell_.Complain(text + ": invalid directive");
        status_ = 2;
        break;
      case Language::kAsh:
        shell_.process.Write(2, shell_.applet + ": " + text + ": invalid format\n");
        break;
      case Language::kBash:
        shell_.Fail("`" + std::string(1, letter) + "': invalid format character");
    }
    return false;
  }

  // 'x is the code of x; else as C reads numbers.
  std::int64_t IntegerOf(const std::string& text) {
    if (missing_ || text.empty()) {
      if (shell_.language == Language::kAsh) NotANumber(text, true);
      return 0;
    }
    if (text[0] == '\'' || text[0] == '"') {
      return text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0;
    }
    char* end = nullptr;
    errno = 0;
    const bool negative = text[0] == '-';
    const std::int64_t value =
        negative ? std::strtoll(text.c_str(), &end, 0)
                 : static_cast<std::int64_t>(std::strtoull(text.c_str(), &end, 0));
    if (end == text.c_str() || *end != '\0') {
      NotANumber(text, end == text.c_str());
      if (shell_.language == Language::kAsh) return 0;
    }
    return value;
  }

  void NotANumber(const std::string& text, bool wholly) {
    status_ = 1;
    switch (shell_.language) {
      case Language::kDash:
        shell_.Fail(text + (wholly ? ": expected numeric value" : ": not completely converted"));
        break;
      case Language::kAsh:
        shell_.process.Write(2, shell_.applet + ": invalid number '" + text + "'\n");
        break;
      case Language::kBash:
        shell_.Fail(text + ": invalid number");
    }
  }

  void Integer(const Conversion& conversion) {
    missing_ = false;
    const std::int64_t value = IntegerOf(Next());
    Print(conversion, "ll", static_cast<long long>(value));
  }

  void Floating(const Conversion& conversion) {
    missing_ = false;
    const std::string text = Next();
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (!missing_ && !text.empty() && *end != '\0') NotANumber(text, end == text.c_str());
    Print(conversion, "", value);
  }

  template <typename Value>
  void Print(const Conversion& conversion, const char* length, Value value) {
    std::string format = "%" + conversion.flags + "*";
    if (conversion.precision >= 0) format += "." + std::to_string(conversion.precision);
    format += length;
    format += conversion.letter;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const int size = std::snprintf(nullptr, 0, format.c_str(), conversion.width, value);
    std::string text(static_cast<std::size_t>(size) + 1, '\0');
    std::snprintf(text.data(), text.size(), format.c_str(), conversion.width, value);
#pragma GCC diagnostic pop
    text.pop_back();
    output_ += text;
  }

  Interpreter& shell_;
  std::string format_;
  std::vector<std::string> arguments_;
  std::size_t next_ = 0;
  bool missing_ = false;
  std::string output_;
  int status_ = 0;
};

}  // namespace

int Printf(Interpreter& shell) {
  std::vector<std::string> words = shell.process.Operands();
  if (!words.empty() && words[0] == "--") words.erase(words.begin());
  if (words.size() > 1 && words[0] == "-v" && shell.language == Language::kBash) {
    NotModelled("printf -v");
  }
  if (words.empty()) {
    if (shell.language == Language::kDash) shell.Die("usage: printf format [arg ...]");
    shell.process.Write(2, shell.language == Language::kAsh
                               ? "Usage: printf FORMAT [ARG]...\n"
                               : "printf: usage: printf [-v var] format [arguments]\n");
    return shell.language == Language::kAsh ? 1 : 2;
  }
  std::string format = words[0];
  words.erase(words.begin());
  return Formatter(shell, std::move(format), std::move(words)).Run();
}

}  // namespace watertight::generator::shell
