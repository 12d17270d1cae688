// What find does with the files that it finds.

#pragma once

#include <string>
#include <vector>

#include "generator/build/commands/find_expression.h"

namespace watertight::generator::commands {

// -print, and with a NUL -print0
FindExpression::Test FindPrint(Process& process, char end);
FindExpression::Test FindPrintFormatted(Process& process, const std::string& format);
FindExpression::Test FindDelete(Process& process);
// -exec WORDS \;
FindExpression::Test FindRun(Process& process, const std::vector<std::string>& words);

}  // namespace watertight::generator::commands
