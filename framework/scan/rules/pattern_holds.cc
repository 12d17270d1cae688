#include "framework/scan/rules/pattern_holds.h"

#include <bitset>
#include <cstddef>
#include <vector>

namespace watertight {
namespace {

using Bytes = std::bitset<256>;

bool IsIn(char c, char first, char last) { return c >= first && c <= last; }
bool IsDigit(char c) { return IsIn(c, '0', '9'); }
bool IsLetter(char c) { return IsIn(c, 'a', 'z') || IsIn(c, 'A', 'Z'); }
bool IsHex(char c) { return IsDigit(c) || IsIn(c, 'a', 'f') || IsIn(c, 'A', 'F'); }
std::size_t Index(char c) { return static_cast<unsigned char>(c); }

Bytes Range(std::size_t first, std::size_t last) {
  Bytes bytes;
  for (std::size_t i = first; i <= last && i < bytes.size(); ++i) bytes.set(i);
  return bytes;
}

Bytes AnyByte() { return Bytes().set(); }

// exact: just these; or else these at most.
struct ByteClass {
  Bytes bytes;
  bool exact = true;
};

ByteClass Unknown() { return {AnyByte(), false}; }

ByteClass PerlClass(char name) {
  Bytes bytes;
  const char small = name < 'a' ? static_cast<char>(name - 'A' + 'a') : name;
  if (small == 'd' || small == 'w') bytes |= Range('0', '9');
  if (small == 'w') bytes |= Range('a', 'z') | Range('A', 'Z') | Range('_', '_');
  if (small == 's') {
    for (const char c : {' ', '\t', '\n', '\f', '\r'}) bytes.set(Index(c));
  }
  return {small == name ? bytes : ~bytes};
}

class Graph {
 public:
  explicit Graph(std::string_view pattern) : pattern_(pattern) { ReadChoice(); }

  bool MayHold(std::string_view literal) const {
    std::vector<bool> here(steps_.size(), true);
    for (const char c : literal) {
      std::vector<bool> next(steps_.size());
      bool some = false;
      for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (!here[i] || c == '\0' || !steps_[i].takes.test(Index(c))) continue;
        some = true;
        Reach(steps_[i].next, &next);
      }
      if (!some) return false;
      here = std::move(next);
    }
    return true;
  }

 private:
  // From `next` on it goes without a byte too, to each of `jumps`.
  struct Step {
    Bytes takes;
    std::size_t next = 0;
    std::vector<std::size_t> jumps;
  };
  struct Part {
    std::size_t begin = 0;
    std::size_t end = 0;
  };

  void Reach(std::size_t from, std::vector<bool>* reached) const {
    std::vector<std::size_t> open = {from};
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      if ((*reached)[at]) continue;
      (*reached)[at] = true;
      open.insert(open.end(), steps_[at].jumps.begin(), steps_[at].jumps.end());
    }
  }

  std::size_t AddStep() {
    steps_.emplace_back();
    return steps_.size() - 1;
  }
  void Join(std::size_t from, std::size_t to) { steps_[from].jumps.push_back(to); }
  Part Taking(const Bytes& bytes) {
    const Part part{AddStep(), AddStep()};
    steps_[part.begin].takes = bytes;
    steps_[part.begin].next = part.end;
    return part;
  }

  bool AtEnd() const { return at_ >= pattern_.size(); }
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < pattern_.size() ? pattern_[at_ + ahead] : '\0';
  }
  bool Skip(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  Part ReadChoice() {
    const Part all{AddStep(), AddStep()};
    do {
      const Part one = ReadSequence();
      Join(all.begin, one.begin);
      Join(one.end, all.end);
    } while (Skip("|"));
    return all;
  }

  Part ReadSequence() {
    const std::size_t begin = AddStep();
    std::size_t end = begin;
    while (!AtEnd() && (quoted_ || (Peek() != '|' && Peek() != ')'))) {
      const Part one = ReadRepeated();
      Join(end, one.begin);
      end = one.end;
    }
    return {begin, end};
  }

  // Counts are taken for any number.
  Part ReadRepeated() {
    Part part = ReadOne();
    while (!quoted_) {
      while (Skip("\\Q\\E")) {
      }
      const bool counted = Peek() == '{' && SkipCount();
      const char sign = counted ? '*' : Peek();
      if (sign != '*' && sign != '+' && sign != '?') break;
      if (!counted) ++at_;
      const Part again{AddStep(), AddStep()};
      Join(again.begin, part.begin);
      Join(part.end, again.end);
      if (sign != '+') Join(again.begin, again.end);
      if (sign != '?') Join(again.end, again.begin);
      part = again;
    }
    return part;
  }

  // "{2}", "{2,}", "{2,4}"; another { is a letter.
  bool SkipCount() {
    std::size_t ahead = 1;
    while (IsDigit(Peek(ahead))) ++ahead;
    if (ahead == 1) return false;
    if (Peek(ahead) == ',') ++ahead;
    while (IsDigit(Peek(ahead))) ++ahead;
    if (Peek(ahead) != '}') return false;
    at_ += ahead + 1;
    return true;
  }

  Part ReadOne() {
    if (quoted_) return ReadQuoted();
    if (Peek() == '(') return ReadGroup();
    if (Peek() == '[') return Taking(ReadClass().bytes);
    const char c = pattern_[at_++];
    if (c == '^' || c == '$') return Nothing();
    if (c == '.') return Taking(AnyByte());
    if (c != '\\') return Taking(Folded({Range(Index(c), Index(c))}).bytes);
    if (Skip("Q")) {
      quoted_ = !AtEnd() && !Skip("\\E");
      return quoted_ ? ReadQuoted() : Nothing();
    }
    if (std::string_view("AzbB").find(Peek()) != std::string_view::npos) {
      ++at_;
      return Nothing();
    }
    return Taking(Folded(ReadEscape()).bytes);
  }

  Part Nothing() {
    const std::size_t step = AddStep();
    return {step, step};
  }

  // Of "\Q…\E"; a sign of repetition behind it is the last letter's.
  Part ReadQuoted() {
    const char c = pattern_[at_++];
    quoted_ = !AtEnd() && !Skip("\\E");
    return Taking(Folded({Range(Index(c), Index(c))}).bytes);
  }

  Part ReadGroup() {
    const bool folds = folds_;
    ++at_;
    if (Skip("?")) {
      if (Peek() == 'P' || Peek() == '<') {
        at_ = pattern_.find('>', at_) + 1;
      } else if (ReadFlags()) {
        return Nothing();  // "(?i)", to the end of the group around it
      }
    }
    const Part part = ReadChoice();
    Skip(")");
    folds_ = folds;
    return part;
  }

  // "i:", "s-i:"; true when they stand alone, as in "(?i)".
  bool ReadFlags() {
    bool on = true;
    for (;;) {
      const char c = AtEnd() ? ')' : pattern_[at_++];
      if (c == '-') on = false;
      if (c == 'i') folds_ = on;
      if (c == ':' || c == ')') return c == ')';
    }
  }

  ByteClass ReadClass() {
    ++at_;
    const bool others = Skip("^");
    ByteClass all;
    for (bool first = true; !AtEnd() && (first || Peek() != ']'); first = false) {
      const ByteClass one = ReadMember();
      all.bytes |= one.bytes;
      all.exact = all.exact && one.exact;
    }
    ++at_;
    all = Folded(all);
    if (others) all = all.exact ? ByteClass{~all.bytes} : Unknown();
    return all;
  }

  // A letter, a range, or a class within.
  ByteClass ReadMember() {
    const std::size_t close = pattern_.find(":]", at_);
    if (Peek() == '[' && Peek(1) == ':' && close != pattern_.npos) {
      at_ = close + 2;
      return Unknown();
    }
    const ByteClass low = ReadLetter();
    if (Peek() != '-' || Peek(1) == ']' || low.bytes.count() != 1) return low;
    ++at_;
    const ByteClass high = ReadLetter();
    if (high.bytes.count() != 1) return Unknown();
    return {Range(Only(low.bytes), Only(high.bytes)), low.exact && high.exact};
  }

  static std::size_t Only(const Bytes& bytes) {
    std::size_t at = 0;
    while (!bytes.test(at)) ++at;
    return at;
  }

  ByteClass ReadLetter() {
    const char c = pattern_[at_++];
    return c == '\\' ? ReadEscape() : ByteClass{Range(Index(c), Index(c))};
  }

  // Behind the backslash.
  ByteClass ReadEscape() {
    constexpr std::string_view kNames = "afnrtv";
    constexpr std::string_view kBytes = "\a\f\n\r\t\v";
    const char c = AtEnd() ? '\\' : pattern_[at_++];
    if (std::string_view("dwsDWS").find(c) != std::string_view::npos) return PerlClass(c);
    const std::size_t name = kNames.find(c);
    if (name != kNames.npos) return {Range(Index(kBytes[name]), Index(kBytes[name]))};
    if (c == 'x' && IsHex(Peek()) && IsHex(Peek(1))) {
      const std::size_t byte = 16 * Digit(Peek()) + Digit(Peek(1));
      at_ += 2;
      return {Range(byte, byte)};
    }
    if (c == 'x' || c == 'p' || c == 'P') {
      at_ = Peek() == '{' ? pattern_.find('}', at_) + 1 : at_ + 1;
      return Unknown();
    }
    if (IsDigit(c)) {  // of three octal digits at most
      for (int i = 0; i < 2 && IsIn(Peek(), '0', '7'); ++i) ++at_;
      return Unknown();
    }
    return IsLetter(c) ? Unknown() : ByteClass{Range(Index(c), Index(c))};
  }

  static std::size_t Digit(char c) {
    if (IsDigit(c)) return static_cast<std::size_t>(c - '0');
    const char first = c >= 'a' ? 'a' : 'A';
    return static_cast<std::size_t>(c - first) + 10;
  }

  // Of letters beyond ASCII, it is not known which are the same.
  ByteClass Folded(ByteClass all) const {
    if (!folds_) return all;
    for (std::size_t small = 'a'; small <= 'z'; ++small) {
      const std::size_t big = small - 'a' + 'A';
      if (all.bytes.test(small) || all.bytes.test(big)) all.bytes.set(small).set(big);
    }
    if ((all.bytes >> 0x80).any()) {
      all.bytes |= Range(0x80, 0xff);
      all.exact = false;
    }
    return all;
  }

  std::string_view pattern_;
  std::size_t at_ = 0;
  bool folds_ = false;
  bool quoted_ = false;
  std::vector<Step> steps_;
};

}  // namespace

bool MayHold(std::string_view pattern, std::string_view literal) {
  return Graph(pattern).MayHold(literal);
}

}  // namespace watertight
