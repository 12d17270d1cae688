#include "tests/matchers/messages.h"

#include <sstream>

#include "tests/support/command.h"

namespace watertight::testing {

std::vector<std::string> CommandsIn(const std::string& message) {
  std::vector<std::string> commands;
  std::istringstream lines(message);
  for (std::string line; std::getline(lines, line);) {
    for (const char* start : {"    tar ", "    cat ", "    jq "}) {
      if (line.starts_with(start)) commands.push_back(line.substr(4));
    }
  }
  return commands;
}

std::string ExactPattern(std::string_view path) {
  std::string pattern = "/";
  for (const char c : path) {
    if (std::string_view("*?[]{},\\!^").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern;
}

Pasted Paste(const std::vector<std::string>& commands, const std::string& folder) {
  const TemporaryFolder outputs;
  std::string script = "cd " + ShellQuoted(folder) + "\n";
  for (std::size_t i = 0; i < commands.size(); ++i) {
    // A newline, not a semicolon, ends what is pasted.
    script += "{\n" + commands[i] + "\n} > " + ShellQuoted(outputs.Path(std::to_string(i))) + "\n";
  }
  WriteFile(outputs.Path("script"), script);
  Pasted pasted;
  pasted.errors = RunCommand("bash " + ShellQuoted(outputs.Path("script"))).error;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    pasted.outputs.push_back(ReadFile(outputs.Path(std::to_string(i))));
  }
  return pasted;
}

}  // namespace watertight::testing
