#include "generator/build/commands/mode_change.h"

#include <algorithm>

namespace watertight::generator::commands {
namespace {

constexpr std::uint32_t kAll = 07777;
constexpr std::uint32_t kSetIds = 06000;
constexpr std::uint32_t kSticky = 01000;

std::uint32_t Who(char letter) {
  switch (letter) {
    case 'u':
      return 04700;
    case 'g':
      return 02070;
    case 'o':
      return 01007;
    case 'a':
      return kAll;
    default:
      return 0;
  }
}

}  // namespace

std::optional<ModeChange> ModeChange::Parse(std::string_view text) {
  ModeChange change;
  if (!text.empty() && text.find_first_not_of("01234567") == text.npos) {
    std::uint32_t mode = 0;
    for (const char digit : text) {
      mode = mode * 8 + static_cast<std::uint32_t>(digit - '0');
      if (mode > kAll) return std::nullopt;
    }
    change.octal_ = mode;
    change.names_set_id_ = text.size() > 4;
    return change;
  }
  while (true) {
    const std::size_t comma = text.find(',');
    if (!ParseClause(text.substr(0, comma), change.steps_)) return std::nullopt;
    if (comma == text.npos) return change;
    text.remove_prefix(comma + 1);
  }
}

bool ModeChange::ParseClause(std::string_view clause, std::vector<Step>& into) {
  std::uint32_t who = 0;
  std::size_t at = 0;
  for (; at < clause.size() && Who(clause[at]) != 0; ++at) who |= Who(clause[at]);
  if (at == clause.size()) return false;
  while (at < clause.size()) {
    Step step{.who = who, .operation = clause[at++]};
    if (step.operation != '+' && step.operation != '-' && step.operation != '=') return false;
    if (at < clause.size() && (clause[at] == 'u' || clause[at] == 'g' || clause[at] == 'o')) {
      step.copy = clause[at] == 'u' ? 7 : clause[at] == 'g' ? 4 : 1;
      ++at;
    }
    for (; at < clause.size() && clause[at] != '+' && clause[at] != '-' && clause[at] != '=';
         ++at) {
      switch (clause[at]) {
        case 'r':
          step.bits |= 0444;
          break;
        case 'w':
          step.bits |= 0222;
          break;
        case 'x':
          step.bits |= 0111;
          break;
        case 'X':
          step.execute_if = true;
          break;
        case 's':
          step.bits |= kSetIds;
          break;
        case 't':
          step.bits |= kSticky;
          break;
        default:
          return false;
      }
      if (step.copy != 0) return false;
    }
    into.push_back(step);
  }
  return true;
}

std::uint32_t ModeChange::Changed(const Step& step, std::uint32_t mode, bool is_directory,
                                  std::uint32_t umask) {
  std::uint32_t bits = step.bits;
  if (step.copy != 0) bits = ((mode >> (step.copy - 1)) & 7) * 0111;
  if (step.execute_if && (is_directory || (mode & 0111) != 0)) bits |= 0111;
  // A directory keeps the set-ID bits that the change does not name.
  std::uint32_t touched = step.who == 0 ? kAll : step.who;
  bits &= step.who == 0 ? kAll & ~umask : step.who;
  if (step.operation == '+') return mode | bits;
  if (step.operation == '-') return mode & ~bits;
  if (is_directory) touched &= ~(kSetIds & ~step.bits);
  return (mode & ~touched) | bits;
}

std::uint32_t ModeChange::Apply(std::uint32_t mode, bool is_directory, std::uint32_t umask,
                                bool keeps_set_id) const {
  if (octal_) {
    if (is_directory && keeps_set_id && !names_set_id_) return *octal_ | (mode & kSetIds);
    return *octal_;
  }
  for (const Step& step : steps_) mode = Changed(step, mode, is_directory, umask);
  return mode;
}

}  // namespace watertight::generator::commands
