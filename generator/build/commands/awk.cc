// awk: mawk, as Debian has it, and BusyBox's.

#include "generator/build/commands/awk_interpreter.h"
#include "generator/build/commands/commands.h"
#include "generator/build/commands/messages.h"
#include "generator/build/commands/options.h"

namespace watertight::generator::commands {
namespace {

// -f: the programs of all files, one behind the other. Nothing after a complaint.
std::optional<std::string> ProgramOf(Process& process, const Options& options) {
  std::string program;
  for (const Options::Given& given : options.given()) {
    if (given.letter != 'f') continue;
    std::errc error{};
    const auto content =
        given.value == "-" ? process.ReadAll(0) : process.ReadFile(given.value, error);
    if (!content) {
      Complain(process, "couldn't open file " + given.value, given.value, error);
      return std::nullopt;
    }
    program += content->ToString() + "\n";
  }
  return program;
}

void SetVariables(awk::Machine& machine, const Options& options,
                  const std::vector<std::string>& operands) {
  for (const Options::Given& given : options.given()) {
    if (given.letter == 'F') {
      machine.Set("FS", awk::Value(given.value == "t" ? "\t" : awk::Unescaped(given.value)));
    } else if (given.letter == 'v') {
      const std::size_t equals = std::min(given.value.find('='), given.value.size());
      const std::string value = given.value.substr(std::min(equals + 1, given.value.size()));
      machine.Set(given.value.substr(0, equals), awk::Value::FromInput(awk::Unescaped(value)));
    }
  }
  awk::Array& arguments = machine.Global("ARGV").AsArray();
  arguments.At("0") = awk::Value(std::string("awk"));
  for (std::size_t i = 0; i < operands.size(); ++i) {
    arguments.At(std::to_string(i + 1)) = awk::Value::FromInput(operands[i]);
  }
  machine.Set("ARGC", awk::Value(static_cast<double>(operands.size() + 1)));
}

}  // namespace

int Awk(Process& process) {
  const Options options(process,
                        "+F:v:f:W:", {{"field-separator", 'F'}, {"assign", 'v'}, {"file", 'f'}});
  std::vector<std::string> operands = options.operands();
  std::string text;
  if (options.Has('f')) {
    const auto program = ProgramOf(process, options);
    if (!program) return process.busybox() ? 1 : 2;
    text = *program;
  } else {
    if (operands.empty()) return MisusedBy(process, "usage: awk program", 2);
    text = operands[0];
    operands.erase(operands.begin());
  }
  const std::string name = NameOf(process);
  const std::string source = options.Value('f').value_or("cmd. line") + ":";
  const int failure = process.busybox() ? 1 : 2;
  try {
    const awk::Program program = awk::Parse(text);
    awk::Machine machine(process);
    SetVariables(machine, options, operands);
    try {
      return awk::Interpreter(program, machine).Run();
    } catch (const awk::RuntimeError& error) {
      const std::string at = error.line > 0 ? source + std::to_string(error.line) + ": " : "";
      process.Write(2, name + ": " + at + error.message + "\n");
      return failure;
    }
  } catch (const awk::SyntaxError& error) {
    const std::string line = std::to_string(error.line);
    process.Write(2, process.busybox() ? name + ": " + source + line + ": Unexpected token\n"
                                       : name + ": line " + line + ": syntax error at or near " +
                                             error.near + "\n");
    return failure;
  }
}

}  // namespace watertight::generator::commands
