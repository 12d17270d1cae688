// --chmod: an octal number, or changes as BSD's chmod(1) takes them.
//
//   const ModeChange change = ParseModeChange("u+x,go-w");
//   change.Apply(0664, false);  // 0744
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace watertight::generator {

class ModeChange {
 public:
  explicit ModeChange(std::uint32_t mode) : mode_(mode) {}

  std::uint32_t Apply(std::uint32_t mode, bool is_directory) const;
  // The number, if it is one.
  std::optional<std::uint32_t> number() const { return mode_; }

 private:
  friend ModeChange ParseModeChange(const std::string& text);
  // What one letter or a run of them does: '+' and '-' to `bits`; 'X' adds them if somebody may
  // execute; 'u', 'g' and 'o' are copied to the classes in `bits` by `operation`.
  struct Step {
    char command = '+';
    std::uint32_t bits = 0;
    char operation = '+';
  };
  class Parser;
  ModeChange() = default;

  std::optional<std::uint32_t> mode_;
  std::vector<Step> steps_;
};

// Throws: Error.
ModeChange ParseModeChange(const std::string& text);

}  // namespace watertight::generator
