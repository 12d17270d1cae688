#include "generator/build/file_mode.h"

#include <string_view>

#include "generator/dockerfile/numbers.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::uint32_t kSetuid = 04000;
constexpr std::uint32_t kSetgid = 02000;
constexpr std::uint32_t kSticky = 01000;
constexpr std::uint32_t kRead = 0444;
constexpr std::uint32_t kWrite = 0222;
constexpr std::uint32_t kExecute = 0111;
constexpr std::uint32_t kPermissions = 0777;
constexpr std::uint32_t kOther = 0007;
// What a clause without a class is about; nobody owns the sticky bit.
constexpr std::uint32_t kStandard = kPermissions | kSetuid | kSetgid;

std::uint32_t ClassOf(char letter) {
  switch (letter) {
    case 'a':
      return kStandard;
    case 'u':
      return 0700 | kSetuid;
    case 'g':
      return 0070 | kSetgid;
    default:
      return kOther;
  }
}

// The permissions of one class, for all three.
std::uint32_t Spread(char letter, std::uint32_t mode) {
  const int shift = letter == 'u' ? 6 : letter == 'g' ? 3 : 0;
  return (mode >> shift & kOther) * 0111;
}

}  // namespace

std::uint32_t ModeChange::Apply(std::uint32_t mode, bool is_directory) const {
  if (mode_) return *mode_;
  const bool executable = is_directory || (mode & kExecute) != 0;
  for (const Step& step : steps_) {
    if (step.command == '+' || (step.command == 'X' && executable)) {
      mode |= step.bits;
    } else if (step.command == '-') {
      mode &= ~step.bits;
    } else if (step.command != 'X') {
      const std::uint32_t copied = Spread(step.command, mode) & step.bits;
      if (step.operation == '=') mode &= ~step.bits;
      mode = step.operation == '-' ? mode & ~copied : mode | copied;
    }
  }
  return mode;
}

class ModeChange::Parser {
 public:
  explicit Parser(std::string_view text) : left_(text) {}

  std::vector<Step> Parse() {
    while (true) {
      who_ = 0;
      while (IsNext("augo")) who_ |= ClassOf(Take());
      if (!IsNext("+-=")) throw Error("invalid syntax");
      while (IsNext("+-=")) ParseOperation();
      if (left_.empty()) return std::move(steps_);
      if (Take() != ',') throw Error("invalid syntax");
    }
  }

 private:
  bool IsNext(std::string_view letters) const {
    return !left_.empty() && letters.find(left_[0]) != letters.npos;
  }
  char Take() {
    const char c = left_[0];
    left_.remove_prefix(1);
    return c;
  }

  void ParseOperation() {
    operation_ = Take();
    clears_ = operation_ == '=';
    bits_ = 0;
    conditional_ = 0;
    while (IsNext("rwxXstugo")) ParsePermission(Take());
    if (bits_ != 0 || clears_) AddBits();
    AddConditional();
  }

  void ParsePermission(char letter) {
    const bool only_other = who_ != 0 && (who_ & ~kOther) == 0;
    switch (letter) {
      case 'r':
        bits_ |= kRead;
        break;
      case 'w':
        bits_ |= kWrite;
        break;
      case 'x':
        bits_ |= kExecute;
        break;
      case 'X':
        (operation_ == '-' ? bits_ : conditional_) |= kExecute;
        break;
      case 's':
        if (!only_other) bits_ |= kSetuid | kSetgid;
        break;
      case 't':
        if (only_other) break;
        who_ |= kSticky;
        bits_ |= kSticky;
        break;
      default:
        CopyClass(letter);
    }
  }

  void AddBits() {
    if (operation_ == '=') steps_.push_back({'-', who_ == 0 ? kStandard : who_});
    steps_.push_back({operation_ == '-' ? '-' : '+', who_ == 0 ? bits_ : who_ & bits_});
    bits_ = 0;
    clears_ = false;
  }

  void AddConditional() {
    if (conditional_ == 0) return;
    steps_.push_back({'X', who_ == 0 ? conditional_ : who_ & conditional_});
    conditional_ = 0;
  }

  // What came before it takes effect first, since it may change the class that is copied.
  void CopyClass(char letter) {
    if (bits_ != 0) AddBits();
    clears_ = false;
    AddConditional();
    const std::uint32_t classes = (who_ == 0 ? kPermissions : who_) & kPermissions;
    steps_.push_back({letter, classes, operation_});
  }

  std::string_view left_;
  std::vector<Step> steps_;
  std::uint32_t who_ = 0;
  char operation_ = '+';
  bool clears_ = false;
  std::uint32_t bits_ = 0;
  std::uint32_t conditional_ = 0;
};

ModeChange ParseModeChange(const std::string& text) {
  if (const auto number = ParseUint(text, 8, 32)) {
    return ModeChange(static_cast<std::uint32_t>(*number));
  }
  ModeChange change;
  change.steps_ = ModeChange::Parser(text).Parse();
  return change;
}

}  // namespace watertight::generator
