// The last operand of cp, mv, ln: a target, or a directory that takes the others.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/build/commands/options.h"

namespace watertight::generator::commands {

struct Targets {
  std::vector<std::string> sources;
  std::optional<std::string> directory;  // into which they go
  std::string target;                    // else the only source becomes this
};

// Options 't' and 'T' say which it is, if given. Complains and returns false when the operands are
// too few or the last should be a directory. `recursive`: a directory may become a new one.
bool FindTargets(Process& process, const Options& options, bool recursive, Targets& targets);

}  // namespace watertight::generator::commands
