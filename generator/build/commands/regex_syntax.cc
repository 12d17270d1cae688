#include "generator/build/commands/regex_syntax.h"

#include <cctype>
#include <functional>
#include <map>
#include <utility>

namespace watertight::generator::commands {
namespace {

using Set = std::bitset<256>;

constexpr int kMostRepeats = 32767;  // RE_DUP_MAX

Set SetOf(const std::function<bool(unsigned char)>& holds) {
  Set set;
  for (std::size_t byte = 0; byte < 256; ++byte) {
    set[byte] = holds(static_cast<unsigned char>(byte));
  }
  return set;
}

bool IsWordByte(unsigned char c) { return c < 128 && (std::isalnum(c) != 0 || c == '_'); }

// The classes of the C locale.
Set ClassNamed(std::string_view name) {
  using Test = int (*)(int);
  static const std::map<std::string_view, Test> kClasses = {
      {"alnum", std::isalnum}, {"alpha", std::isalpha}, {"blank", std::isblank},
      {"cntrl", std::iscntrl}, {"digit", std::isdigit}, {"graph", std::isgraph},
      {"lower", std::islower}, {"print", std::isprint}, {"punct", std::ispunct},
      {"space", std::isspace}, {"upper", std::isupper}, {"xdigit", std::isxdigit},
  };
  const auto found = kClasses.find(name);
  if (found == kClasses.end()) throw RegexError{"Invalid character class name"};
  return SetOf([&](unsigned char c) { return c < 128 && found->second(c) != 0; });
}

Set WithBothCases(Set set) {
  for (std::size_t c = 'a'; c <= 'z'; ++c) {
    const bool either = set[c] || set[c - 'a' + 'A'];
    set[c] = either;
    set[c - 'a' + 'A'] = either;
  }
  return set;
}

class Parser {
 public:
  Parser(std::string_view pattern, const RegexOptions& options)
      : text_(pattern), options_(options) {}

  RegexTree Parse() {
    RegexTree tree;
    tree.root = Alternatives(0);
    if (at_ < text_.size()) throw RegexError{"Unmatched ) or \\)"};
    tree.group_count = groups_;
    tree.has_back_references = back_references_;
    return tree;
  }

 private:
  bool Sees(std::string_view token) const { return text_.substr(at_).starts_with(token); }
  bool Take(std::string_view token) {
    if (!Sees(token)) return false;
    at_ += token.size();
    return true;
  }
  std::string_view Or() const { return options_.extended ? "|" : "\\|"; }
  std::string_view Close() const { return options_.extended ? ")" : "\\)"; }

  RegexNode Alternatives(int depth) {
    RegexNode alternate{.kind = RegexNode::Kind::kAlternate};
    do {
      alternate.children.push_back(Sequence(depth));
    } while (Take(Or()));
    if (alternate.children.size() == 1) return std::move(alternate.children[0]);
    return alternate;
  }

  // In extended syntax a ")" without a "(" is a byte like others.
  bool AtEnd(int depth) const {
    if (at_ >= text_.size() || Sees(Or())) return true;
    return Sees(Close()) && (depth > 0 || !options_.extended);
  }

  RegexNode Sequence(int depth) {
    RegexNode sequence;
    while (!AtEnd(depth)) {
      RegexNode atom = Atom(depth, sequence.children.empty());
      sequence.children.push_back(Repeated(std::move(atom)));
    }
    return sequence;
  }

  // `first`: nothing stands before it, so that a basic "^" is an anchor.
  RegexNode Atom(int depth, bool first) {
    const char c = text_[at_];
    if (c == '\\') return Escaped(depth);
    ++at_;
    if (c == '[') return Bracket();
    if (c == '.') return BytesOf(SetOf([](unsigned char) { return true; }));
    if (c == '^' && (options_.extended || first)) return Assertion('^');
    if (c == '$' && (options_.extended || AtEnd(1))) return Assertion('$');
    if (options_.extended && c == '(') return Group(depth);
    if (options_.extended && first && (c == '*' || c == '+' || c == '?')) {
      throw RegexError{"Invalid preceding regular expression"};
    }
    return Byte(c);
  }

  RegexNode Escaped(int depth) {
    if (at_ + 1 == text_.size()) throw RegexError{"Trailing backslash"};
    const char c = text_[at_ + 1];
    at_ += 2;
    switch (c) {
      case '(':
        return options_.extended ? Byte(c) : Group(depth);
      case 'w':
        return BytesOf(SetOf(IsWordByte));
      case 'W':
        return BytesOf(~SetOf(IsWordByte));
      case 's':
        return BytesOf(ClassNamed("space"));
      case 'S':
        return BytesOf(~ClassNamed("space"));
      case 'b':
      case 'B':
      case '<':
      case '>':
      case '`':
      case '\'':
        return Assertion(c);
      case '{':
        if (!options_.extended) throw RegexError{"Invalid preceding regular expression"};
        return Byte(c);
      default:
        return c >= '1' && c <= '9' ? BackReference(c - '0') : Byte(c);
    }
  }

  RegexNode BackReference(int number) {
    if (static_cast<std::size_t>(number) > closed_) throw RegexError{"Invalid back reference"};
    back_references_ = true;
    return {.kind = RegexNode::Kind::kBackReference, .number = static_cast<std::size_t>(number)};
  }

  RegexNode Group(int depth) {
    RegexNode group{.kind = RegexNode::Kind::kGroup, .number = ++groups_};
    group.children.push_back(Alternatives(depth + 1));
    if (!Take(Close())) throw RegexError{"Unmatched ( or \\("};
    ++closed_;
    return group;
  }

  RegexNode Repeated(RegexNode atom) {
    while (true) {
      const std::size_t begin = at_;
      int least = 0;
      int most = RegexNode::kEndless;
      if (Take("*")) {
      } else if (Take(options_.extended ? "+" : "\\+")) {
        least = 1;
      } else if (Take(options_.extended ? "?" : "\\?")) {
        most = 1;
      } else if (!TakeInterval(least, most)) {
        return atom;
      }
      if (atom.kind == RegexNode::Kind::kAssert) {
        // Nothing to repeat: the basic syntax takes the operator as a byte.
        if (options_.extended) throw RegexError{"Invalid preceding regular expression"};
        at_ = begin;
        return atom;
      }
      RegexNode repeat{.kind = RegexNode::Kind::kRepeat, .least = least, .most = most};
      repeat.children.push_back(std::move(atom));
      atom = std::move(repeat);
    }
  }

  bool TakeInterval(int& least, int& most) {
    const std::size_t begin = at_;
    if (!Take(options_.extended ? "{" : "\\{")) return false;
    const bool has_least = TakeNumber(least);
    most = least;
    if (Take(",")) {
      if (!TakeNumber(most)) most = RegexNode::kEndless;
    } else if (!has_least) {
      most = -2;  // no interval
    }
    if (most == -2 || !Take(options_.extended ? "}" : "\\}")) {
      if (!options_.extended) {
        throw RegexError{at_ < text_.size() ? "Invalid content of \\{\\}" : "Unmatched \\{"};
      }
      at_ = begin;  // an extended "{" that begins no interval is a byte
      return false;
    }
    if (most != RegexNode::kEndless && least > most) throw RegexError{"Invalid content of \\{\\}"};
    return true;
  }

  bool TakeNumber(int& number) {
    const std::size_t begin = at_;
    number = 0;
    for (; at_ < text_.size() && std::isdigit(static_cast<unsigned char>(text_[at_])); ++at_) {
      number = number * 10 + (text_[at_] - '0');
      if (number > kMostRepeats) throw RegexError{"Regular expression too big"};
    }
    return at_ > begin;
  }

  RegexNode Bracket() {
    const bool negated = Take("^");
    Set set;
    for (bool first = true; first || !Sees("]"); first = false) {
      if (at_ >= text_.size()) throw RegexError{"Unmatched [, [^, [:, [., or [="};
      if (Sees("[:")) {
        set |= ClassNamed(Named(':'));
        continue;
      }
      const unsigned char from = BracketByte();
      unsigned char to = from;
      if (Sees("-") && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
        ++at_;
        to = BracketByte();
        if (to < from) throw RegexError{"Invalid range end"};
      }
      for (int byte = from; byte <= to; ++byte) set.set(static_cast<std::size_t>(byte));
    }
    ++at_;
    if (options_.ignore_case) set = WithBothCases(set);
    if (negated) set = ~set;
    return {.kind = RegexNode::Kind::kBytes, .set = set};
  }

  // What stands in [:NAME:], [.NAME.] or [=NAME=].
  std::string_view Named(char mark) {
    const std::string close = {mark, ']'};
    const std::size_t end = text_.find(close, at_ + 2);
    if (end == std::string_view::npos) throw RegexError{"Unmatched [, [^, [:, [., or [="};
    const std::string_view name = text_.substr(at_ + 2, end - at_ - 2);
    at_ = end + 2;
    return name;
  }

  unsigned char BracketByte() {
    if (at_ >= text_.size()) throw RegexError{"Unmatched [, [^, [:, [., or [="};
    if (Sees("[.") || Sees("[=")) {
      const std::string_view name = Named(text_[at_ + 1]);
      if (name.size() != 1) throw RegexError{"Invalid collation character"};
      return static_cast<unsigned char>(name[0]);
    }
    return static_cast<unsigned char>(text_[at_++]);
  }

  RegexNode Byte(char c) {
    Set set;
    set.set(static_cast<unsigned char>(c));
    return BytesOf(set);
  }
  RegexNode BytesOf(const Set& set) const {
    return {.kind = RegexNode::Kind::kBytes,
            .set = options_.ignore_case ? WithBothCases(set) : set};
  }
  static RegexNode Assertion(char assertion) {
    return {.kind = RegexNode::Kind::kAssert, .assertion = assertion};
  }

  std::string_view text_;
  RegexOptions options_;
  std::size_t at_ = 0;
  std::size_t groups_ = 0;
  std::size_t closed_ = 0;
  bool back_references_ = false;
};

}  // namespace

RegexTree ParseRegex(std::string_view pattern, const RegexOptions& options) {
  return Parser(pattern, options).Parse();
}

}  // namespace watertight::generator::commands
