#include "tests/cli/program.h"

#include <algorithm>

namespace watertight::testing {

CommandResult Watertight(const std::string& arguments, const std::string& input) {
  return RunCommand("cd " + ShellQuoted(WATERTIGHT_RECORDED_IMAGES) + " && " +
                        ShellQuoted(WATERTIGHT_PROGRAM) + " " + arguments,
                    input);
}

bool IsOneLine(const std::string& text) {
  return text.ends_with('\n') && std::count(text.begin(), text.end(), '\n') == 1;
}

}  // namespace watertight::testing
