// Which shell a script is for.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace watertight::generator::shell {

enum class Language { kDash, kAsh, kBash };

// An error of the script that ends the shell: its text follows the shell's name.
struct ScriptError {
  std::string message;
  int status = 2;
  int line = 0;             // 0: where the shell is
  std::string prefix = {};  // of the message, when it is known where the error is thrown
};

}  // namespace watertight::generator::shell
