// The modelled commands by name, as Execute() finds them.
//
// A command finds in `process` its arguments, descriptors and files, and returns its exit status.
// Where the implementations differ, process.userland says whose it is. What it cannot do, it says
// with NotModelled(): nothing is skipped.

#pragma once

#include <span>
#include <string_view>

#include "generator/build/shell/process.h"

namespace watertight::generator {

struct Program {
  std::string_view name;
  int (*run)(Process& process);
};

// Sorted by name.
std::span<const Program> Programs();

// Null for a command that is not modelled.
const Program* FindProgram(std::string_view name);

}  // namespace watertight::generator
