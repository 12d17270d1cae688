#include "generator/build/file_mode.h"

#include <string_view>

#include "generator/dockerfile/numbers.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::uint32_t kSetuid = 04000;
constexpr std::uint32_t kSetgid = 02000;
constexpr std::uint32_t kSticky = 01000;
constexpr std::uint32_t kUser = 0700;
constexpr std::uint32_t kGroup = 0070;
constexpr std::uint32_t kOther = 0007;
constexpr std::uint32_t kExecute = 0111;

// The bits of all three classes that one letter stands for, the mode being `mode`.
std::uint32_t BitsOf(char letter, std::uint32_t mode, bool is_directory) {
  switch (letter) {
    case 'r':
      return 0444;
    case 'w':
      return 0222;
    case 'x':
      return kExecute;
    case 'X':
      return is_directory || (mode & kExecute) != 0 ? kExecute : 0;
    case 's':
      return kSetuid | kSetgid;
    case 't':
      return kSticky;
    case 'u':
      return ((mode & kUser) >> 6) * 0111;
    case 'g':
      return ((mode & kGroup) >> 3) * 0111;
    case 'o':
      return (mode & kOther) * 0111;
    default:
      return 0;
  }
}

// Which bits a class of users owns.
std::uint32_t MaskOf(char who) {
  switch (who) {
    case 'u':
      return kUser | kSetuid;
    case 'g':
      return kGroup | kSetgid;
    case 'o':
      return kOther;
    default:
      return 07777;
  }
}

}  // namespace

std::uint32_t ModeChange::Apply(std::uint32_t mode, bool is_directory) const {
  if (mode_) return *mode_;
  for (const Step& step : steps_) {
    std::uint32_t bits = 0;
    for (const char letter : step.permissions) bits |= BitsOf(letter, mode, is_directory);
    // The sticky bit belongs to no class.
    const std::uint32_t mask = step.who | (bits & kSticky);
    if (step.operation == '-') {
      mode &= ~(bits & mask);
    } else {
      if (step.operation == '=') mode &= ~(step.who & 0777);
      mode |= bits & mask;
    }
  }
  return mode;
}

ModeChange ParseModeChange(const std::string& text) {
  if (const auto number = ParseUint(text, 8, 32)) {
    return ModeChange(static_cast<std::uint32_t>(*number));
  }
  ModeChange change;
  std::string_view left = text;
  while (!left.empty()) {
    std::uint32_t who = 0;
    while (!left.empty() && std::string_view("augo").find(left[0]) != left.npos) {
      who |= MaskOf(left[0]);
      left.remove_prefix(1);
    }
    if (left.empty() || std::string_view("+-=").find(left[0]) == left.npos) {
      throw Error("invalid syntax");
    }
    while (!left.empty() && left[0] != ',') {
      ModeChange::Step step{.who = who == 0 ? 07777 : who, .operation = left[0], .permissions = {}};
      left.remove_prefix(1);
      const size_t end = std::min(left.find_first_of("+-=,"), left.size());
      step.permissions = left.substr(0, end);
      left.remove_prefix(end);
      change.steps_.push_back(std::move(step));
    }
    if (!left.empty()) left.remove_prefix(1);
  }
  return change;
}

}  // namespace watertight::generator
