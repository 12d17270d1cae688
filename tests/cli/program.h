// The program as a person calls it.

#pragma once

#include <string>

#include "tests/support/command.h"

namespace watertight::testing {

// `watertight ARGUMENTS`, with the recorded images as the working folder. ARGUMENTS are words of a
// shell.
CommandResult Watertight(const std::string& arguments, const std::string& input = "");

// One line that ends with a newline.
bool IsOneLine(const std::string& text);

}  // namespace watertight::testing
