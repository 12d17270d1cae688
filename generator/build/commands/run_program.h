// Commands that run other commands: find -exec, xargs, env.

#pragma once

#include <string>
#include <vector>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

// Runs a program in a child process and returns its status; complains if there is none (127) or it
// cannot be run (126).
int RunCommand(Process& process, const std::vector<std::string>& words);

// `word` with `value` for every `mark`: "{}".
std::string Filled(const std::string& word, const std::string& mark, const std::string& value);

}  // namespace watertight::generator::commands
