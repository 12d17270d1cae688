// The options of a shell and of `set`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/build/shell/interpreter.h"

namespace watertight::generator::shell {

// Takes the options at the front of `words`. Returns the letters that are no options of `set`: of
// the shell itself c, l, s, i, and - for a closing "--". Throws: ScriptError.
std::string TakeOptions(Interpreter& shell, std::vector<std::string>& words, bool at_start);

}  // namespace watertight::generator::shell
