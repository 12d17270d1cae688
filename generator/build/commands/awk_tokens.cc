#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <iterator>

#include "generator/build/commands/awk_syntax.h"

namespace watertight::generator::commands::awk {
namespace {

constexpr std::string_view kWords[] = {"BEGIN",    "END",     "break",  "continue", "delete",
                                       "do",       "else",    "exit",   "for",      "func",
                                       "function", "getline", "if",     "in",       "next",
                                       "nextfile", "print",   "printf", "return",   "while"};
constexpr std::string_view kBuiltins[] = {
    "and",      "atan2", "close",  "compl",  "cos",     "exp",     "fflush",  "gensub",
    "gsub",     "index", "int",    "length", "log",     "lshift",  "match",   "mktime",
    "or",       "rand",  "rshift", "sin",    "split",   "sprintf", "sqrt",    "srand",
    "strftime", "sub",   "substr", "system", "systime", "tolower", "toupper", "xor"};
constexpr std::string_view kSigns[] = {"**=", "&&", "||", "++", "--", "+=", "-=", "*=", "/=",
                                       "%=",  "^=", "**", "==", "<=", ">=", "!=", ">>", "!~"};

bool IsNameStart(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsNamePart(char c) { return IsNameStart(c) || IsDigit(c); }

template <std::size_t kCount>
bool Holds(const std::string_view (&list)[kCount], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Token> Run() {
    while (SkipBlanks()) {
      const char c = text_[at_];
      if (c == '\n') {
        Add({.kind = Token::Kind::kNewline, .text = "\n"});
        ++at_;
        ++line_;
      } else if (c == '"') {
        String();
      } else if (IsDigit(c) || (c == '.' && at_ + 1 < text_.size() && IsDigit(text_[at_ + 1]))) {
        Number();
      } else if (IsNameStart(c)) {
        Name();
      } else if (c == '/' && !AfterOperand()) {
        Regex();
      } else {
        Sign();
      }
    }
    Add({.kind = Token::Kind::kEnd, .text = "end of file"});
    return std::move(tokens_);
  }

 private:
  void Add(Token token) {
    token.line = line_;
    tokens_.push_back(std::move(token));
  }

  // False at the end.
  bool SkipBlanks() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "\\\n") {
        at_ += 2;
        ++line_;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else {
        return true;
      }
    }
    return false;
  }

  // Whether "/" divides here.
  bool AfterOperand() const {
    if (tokens_.empty()) return false;
    const Token& last = tokens_.back();
    switch (last.kind) {
      case Token::Kind::kNumber:
      case Token::Kind::kString:
      case Token::Kind::kName:
      case Token::Kind::kBuiltin:
        return true;
      default:
        return last.Is(")") || last.Is("]") || last.Is("$") || last.Is("++") || last.Is("--");
    }
  }

  void String() {
    std::string raw;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\n') throw SyntaxError{line_, "\""};
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        if (text_[at_ + 1] == '\n') {
          ++at_;
          ++line_;
          continue;
        }
        raw += text_[at_++];
      }
      raw += text_[at_];
    }
    if (at_ == text_.size()) throw SyntaxError{line_, "\""};
    ++at_;
    Add({.kind = Token::Kind::kString, .text = Unescaped(raw)});
  }

  void Regex() {
    std::string raw;
    bool bracket = false;
    for (++at_; at_ < text_.size() && (bracket || text_[at_] != '/'); ++at_) {
      const char c = text_[at_];
      if (c == '\n') throw SyntaxError{line_, "/"};
      if (c == '[' && !bracket) {
        bracket = true;
        raw += c;
        // "]" right behind the bracket stands for itself.
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '^') raw += text_[++at_];
        if (at_ + 1 < text_.size() && text_[at_ + 1] == ']') raw += text_[++at_];
        continue;
      }
      if (c == ']') bracket = false;
      if (c == '\\' && at_ + 1 < text_.size()) {
        if (text_[at_ + 1] != '/') raw += c;
        ++at_;
      }
      raw += text_[at_];
    }
    if (at_ >= text_.size()) throw SyntaxError{line_, "/"};
    ++at_;
    Add({.kind = Token::Kind::kRegex, .text = raw});
  }

  void Number() {
    const std::string rest(text_.substr(at_, 64));
    char* end = nullptr;
    const double value = std::strtod(rest.c_str(), &end);
    at_ += static_cast<std::size_t>(end - rest.c_str());
    Add({.kind = Token::Kind::kNumber,
         .text = rest.substr(0, static_cast<std::size_t>(end - rest.c_str())),
         .number = value});
  }

  void Name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && IsNamePart(text_[at_])) ++at_;
    const std::string name(text_.substr(begin, at_ - begin));
    Token::Kind kind = Token::Kind::kName;
    if (Holds(kWords, name)) {
      kind = Token::Kind::kWord;
    } else if (Holds(kBuiltins, name)) {
      kind = Token::Kind::kBuiltin;
    } else if (at_ < text_.size() && text_[at_] == '(') {
      kind = Token::Kind::kCallName;
    }
    Add({.kind = kind, .text = name == "func" ? "function" : name});
  }

  void Sign() {
    for (const std::string_view sign : kSigns) {
      if (text_.substr(at_, sign.size()) != sign) continue;
      at_ += sign.size();
      const std::string text = sign == "**" ? "^" : sign == "**=" ? "^=" : std::string(sign);
      return Add({.kind = Token::Kind::kSign, .text = text});
    }
    constexpr std::string_view kSingle = "{}()[];,+-*/%^!<>|?:~$=";
    if (kSingle.find(text_[at_]) == kSingle.npos)
      throw SyntaxError{line_, std::string(1, text_[at_])};
    Add({.kind = Token::Kind::kSign, .text = std::string(1, text_[at_++])});
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> Tokens(std::string_view program) { return Scanner(program).Run(); }

std::string Unescaped(std::string_view text) {
  constexpr std::string_view kFrom = "abfnrtv\\\"/";
  constexpr std::string_view kTo = "\a\b\f\n\r\t\v\\\"/";
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      plain += text[i];
      continue;
    }
    const char c = text[++i];
    if (const std::size_t at = kFrom.find(c); at != kFrom.npos) {
      plain += kTo[at];
    } else if (c >= '0' && c <= '7') {
      int value = 0;
      const std::size_t end = std::min(text.size(), i + 3);
      for (; i < end && text[i] >= '0' && text[i] <= '7'; ++i) value = value * 8 + (text[i] - '0');
      --i;
      plain += static_cast<char>(value);
    } else {
      plain += '\\';
      plain += c;
    }
  }
  return plain;
}

}  // namespace watertight::generator::commands::awk
