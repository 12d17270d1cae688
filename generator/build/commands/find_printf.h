// The formats of find -printf.

#pragma once

#include <string>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/find_expression.h"

namespace watertight::generator::commands {

// Ends the build at a directive that is not modelled.
std::string FindPrintf(Process& process, const std::string& format, const FindEntry& entry,
                       const Accounts& accounts);

}  // namespace watertight::generator::commands
