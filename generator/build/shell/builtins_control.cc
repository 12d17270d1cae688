// Builtins that steer the shell itself.

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "generator/build/shell/builtins.h"

namespace watertight::generator::shell {
namespace {

std::optional<int> ParseNumber(const std::string& text) {
  int number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (text.empty() || error != std::errc() || stop != end) return {};
  return number;
}

// The only operand of exit, return and shift.
int NumberOperand(Interpreter& shell, int otherwise) {
  const std::vector<std::string> operands = shell.process.Operands();
  if (operands.empty()) return otherwise;
  const std::optional<int> number = ParseNumber(operands[0]);
  const bool negative = number && *number < 0;
  if (!number || (negative && shell.language == Language::kDash)) {
    const std::string what = shell.language == Language::kBash
                                 ? operands[0] + ": numeric argument required"
                                 : "Illegal number: " + operands[0];
    shell.Die(shell.language == Language::kAsh ? "illegal number: " + operands[0] : what);
  }
  return *number;
}

int Leave(Interpreter& shell, Interpreter::Skip how) {
  const int count = NumberOperand(shell, 1);
  if (count < 1) shell.Die("Illegal number: " + std::to_string(count));
  if (shell.loops == 0) return 0;
  shell.skip = how;
  shell.skip_count = std::min(count, shell.loops);
  return 0;
}

struct Signal {
  std::string_view name;
  int number;
};

constexpr std::array kSignals = {
    Signal{"EXIT", 0},    Signal{"HUP", 1},   Signal{"INT", 2},   Signal{"QUIT", 3},
    Signal{"ILL", 4},     Signal{"TRAP", 5},  Signal{"ABRT", 6},  Signal{"BUS", 7},
    Signal{"FPE", 8},     Signal{"KILL", 9},  Signal{"USR1", 10}, Signal{"SEGV", 11},
    Signal{"USR2", 12},   Signal{"PIPE", 13}, Signal{"ALRM", 14}, Signal{"TERM", 15},
    Signal{"CHLD", 17},   Signal{"CONT", 18}, Signal{"STOP", 19}, Signal{"TSTP", 20},
    Signal{"TTIN", 21},   Signal{"TTOU", 22}, Signal{"ERR", -1},  Signal{"DEBUG", -2},
    Signal{"RETURN", -3},
};

const Signal* FindSignal(const Interpreter& shell, std::string name) {
  std::ranges::transform(name, name.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  if (name.starts_with("SIG") && shell.language != Language::kDash) name.erase(0, 3);
  const std::optional<int> number = ParseNumber(name);
  for (const Signal& signal : kSignals) {
    if (signal.number < 0 && shell.language != Language::kBash) continue;
    if (name == signal.name || (number && *number == signal.number)) return &signal;
  }
  return nullptr;
}

}  // namespace

int Colon(Interpreter&) { return 0; }
int False(Interpreter&) { return 1; }
int Break(Interpreter& shell) { return Leave(shell, Interpreter::Skip::kBreak); }
int Continue(Interpreter& shell) { return Leave(shell, Interpreter::Skip::kContinue); }

int Return(Interpreter& shell) {
  const int result = NumberOperand(shell, shell.status) & 0xFF;
  const bool inside = shell.function_depth > 0 || shell.source_depth > 0;
  if (!inside && shell.language == Language::kBash) {
    return shell.Fail("can only `return' from a function or sourced script", 2);
  }
  shell.skip = Interpreter::Skip::kReturn;
  return result;
}

int Exit(Interpreter& shell) { throw ExitShell{NumberOperand(shell, shell.status) & 0xFF}; }

int Eval(Interpreter& shell) {
  std::string text;
  for (const std::string& word : shell.process.Operands()) {
    text += (text.empty() ? "" : " ") + word;
  }
  const int line = shell.line;
  const int result = shell.RunText(text);
  shell.line = line;
  return result;
}

int Dot(Interpreter& shell) {
  std::vector<std::string> operands = shell.process.Operands();
  if (operands.empty()) return 2;
  std::string path = operands[0];
  if (path.find('/') == path.npos) {
    // The file need not be executable.
    for (const std::string& directory : PathDirectories(shell.Value("PATH"))) {
      const Found found = shell.process.Stat(directory + "/" + path);
      if (!found || !found.inode->is_regular()) continue;
      path = directory + "/" + path;
      break;
    }
  }
  std::errc error = {};
  const std::optional<Rope> text = shell.process.ReadFile(path, error);
  if (!text) {
    const bool dash = shell.language == Language::kDash;
    const std::string message =
        dash ? "cannot open " + operands[0] + ": No such file"
        : shell.language == Language::kAsh
            ? "can't open '" + operands[0] + "': " + shell.process.Text(error)
            : operands[0] + ": " + shell.process.Text(error);
    if (shell.language != Language::kBash) shell.Die(message);
    shell.Complain(message);
    return 1;
  }
  std::vector<std::string> arguments(operands.begin() + 1, operands.end());
  const bool own_arguments = !arguments.empty() && shell.language != Language::kDash;
  if (own_arguments) std::swap(shell.positional, arguments);
  const int line = shell.line;
  ++shell.source_depth;
  int result = 0;
  result = shell.RunText(text->ToString());
  --shell.source_depth;
  shell.line = line;
  if (own_arguments) std::swap(shell.positional, arguments);
  if (shell.skip == Interpreter::Skip::kReturn) shell.skip = Interpreter::Skip::kNone;
  return result;
}

int Exec(Interpreter& shell) {
  std::vector<std::string> words = shell.process.Operands();
  if (!words.empty() && words[0] == "--") words.erase(words.begin());
  if (words.empty()) {
    shell.redirections_stay = true;
    return 0;
  }
  if (words[0].starts_with('-')) NotModelled("exec " + words[0]);
  shell.traps.erase("EXIT");
  shell.executing = true;
  throw ExitShell{shell.RunExternal(words)};
}

int Trap(Interpreter& shell) {
  std::vector<std::string> operands = shell.process.Operands();
  if (!operands.empty() && operands[0] == "--") operands.erase(operands.begin());
  if (operands.empty()) {
    for (const auto& [signal, action] : shell.traps) {
      shell.process.Write(1, "trap -- " + SingleQuoted(action) + " " + signal + "\n");
    }
    return 0;
  }
  const bool resets = operands.size() == 1 || ParseNumber(operands[0]).value_or(-1) >= 0;
  const std::string action = resets ? "-" : operands[0];
  int result = 0;
  for (std::size_t index = resets ? 0 : 1; index < operands.size(); ++index) {
    const Signal* signal = FindSignal(shell, operands[index]);
    if (signal == nullptr) {
      result = shell.Fail(
          operands[index] + ": " +
              (shell.language == Language::kDash ? "bad trap" : "invalid signal specification"),
          1);
      continue;
    }
    // Signals do not happen here; bash's other events do.
    if (signal->number < 0 && action != "-") NotModelled("trap … " + std::string(signal->name));
    if (action == "-") {
      shell.traps.erase(std::string(signal->name));
    } else {
      shell.traps[std::string(signal->name)] = action;
    }
  }
  return result;
}

int Wait(Interpreter& shell) {
  int result = 0;
  for (const std::string& operand : shell.process.Operands()) {
    const auto found = shell.background.find(ParseNumber(operand).value_or(-1));
    result = found == shell.background.end() ? 127 : found->second;
  }
  return result;
}

int Times(Interpreter& shell) {
  shell.process.Write(1, "0m0.000000s 0m0.000000s\n0m0.000000s 0m0.000000s\n");
  return 0;
}

int Hash(Interpreter& shell) {
  int result = 0;
  for (const std::string& word : shell.process.Operands()) {
    if (word.starts_with('-')) continue;
    if (!shell.Which(word, shell.Value("PATH")).empty()) continue;
    result = shell.language == Language::kDash ? 127 : 1;
    shell.Complain(word + ": not found");
  }
  return result;
}

int NoJobs(Interpreter&) { return 0; }

}  // namespace watertight::generator::shell
