// The table of the modelled commands.

#include <algorithm>

#include "generator/build/shell/command.h"

namespace watertight::generator {

std::span<const Program> Commands() { return {}; }

const Program* FindProgram(std::string_view name) {
  const std::span<const Program> programs = Commands();
  const auto found = std::ranges::find(programs, name, &Program::name);
  return found == programs.end() ? nullptr : &*found;
}

}  // namespace watertight::generator
