// What a mode operand of chmod, mkdir -m, install -m or find -perm says: 0755, u+x,go=rX.

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace watertight::generator::commands {

class ModeChange {
 public:
  // Nothing for what is no mode.
  static std::optional<ModeChange> Parse(std::string_view text);

  // The mode that becomes of `mode`. An octal mode keeps the set-ID bits of a directory unless it
  // names them, as chmod of coreutils has it; `keeps_set_id` says whether.
  std::uint32_t Apply(std::uint32_t mode, bool is_directory, std::uint32_t umask,
                      bool keeps_set_id) const;
  bool is_octal() const { return octal_.has_value(); }

 private:
  struct Step {
    std::uint32_t who = 0;  // mask of 07777; 0 for everybody less the umask
    char operation = '=';
    std::uint32_t bits = 0;   // in each of the three places
    bool execute_if = false;  // X
    std::uint32_t copy = 0;   // shift of the class whose bits are copied, + 1
  };
  std::optional<std::uint32_t> octal_;
  bool names_set_id_ = false;
  std::vector<Step> steps_;

  static bool ParseClause(std::string_view clause, std::vector<Step>& into);
  static std::uint32_t Changed(const Step& step, std::uint32_t mode, bool is_directory,
                               std::uint32_t umask);
};

}  // namespace watertight::generator::commands
