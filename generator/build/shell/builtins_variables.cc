// Builtins for variables, options and positional parameters.

#include <algorithm>
#include <charconv>
#include <utility>

#include "generator/build/shell/builtins.h"
#include "generator/build/shell/parser.h"
#include "generator/build/shell/shell_options.h"

namespace watertight::generator::shell {
namespace {

// NAME or NAME=VALUE.
struct Declaration {
  std::string name;
  std::optional<std::string> value;
};

Declaration ParseDeclaration(Interpreter& shell, const std::string& word) {
  const std::size_t equals = word.find('=');
  Declaration declaration{.name = word.substr(0, equals), .value = {}};
  if (equals != word.npos) declaration.value = word.substr(equals + 1);
  if (!IsName(declaration.name)) {
    shell.Die(shell.language == Language::kBash ? "`" + word + "': not a valid identifier"
                                                : declaration.name + ": bad variable name");
  }
  return declaration;
}

int PrintDeclarations(Interpreter& shell, bool Variable::*flag) {
  const std::string& command = shell.process.arguments[0];
  for (const auto& [name, variable] : shell.variables) {
    if (!(variable.*flag)) continue;
    std::string text = command + " " + name;
    if (variable.value) text += "=" + SingleQuoted(*variable.value);
    shell.process.Write(1, text + "\n");
  }
  return 0;
}

int Mark(Interpreter& shell, bool Variable::*flag) {
  std::vector<std::string> operands = shell.process.Operands();
  bool clears = false;
  while (!operands.empty() && operands[0].starts_with('-') && operands[0].size() > 1) {
    const std::string option = operands[0];
    operands.erase(operands.begin());
    if (option == "--") break;
    if (option == "-n" && shell.language != Language::kDash) {
      clears = true;
    } else if (option != "-p") {
      if (shell.language == Language::kBash) NotModelled(shell.process.arguments[0] + " " + option);
      const bool dash = shell.language == Language::kDash;
      shell.Die(std::string(dash ? "Illegal option " : "illegal option ") + option.substr(0, 2));
    }
  }
  if (operands.empty()) return PrintDeclarations(shell, flag);
  for (const std::string& word : operands) {
    const Declaration declaration = ParseDeclaration(shell, word);
    if (declaration.value) shell.Assign(declaration.name, *declaration.value);
    shell.variables[declaration.name].*flag = !clears;
  }
  return 0;
}

struct LongOption {
  std::string_view name;
  char letter;
};

constexpr LongOption kLongOptions[] = {
    {"allexport", 'a'}, {"errexit", 'e'}, {"noclobber", 'C'}, {"noexec", 'n'},   {"noglob", 'f'},
    {"nounset", 'u'},   {"xtrace", 'x'},  {"verbose", 'v'},   {"pipefail", 'P'}, {"errtrace", 'E'},
    {"monitor", 'm'},   {"notify", 'b'},  {"vi", 'V'},        {"hashall", 'h'},  {"nolog", 'l'},
};

int SetVariables(Interpreter& shell) {
  for (const auto& [name, variable] : shell.variables) {
    if (!variable.value) continue;
    shell.process.Write(1, name + "=" + SingleQuoted(*variable.value) + "\n");
  }
  return 0;
}

}  // namespace

bool SetLongOption(Interpreter& shell, std::string_view name, bool on) {
  const auto* found = std::ranges::find(kLongOptions, name, &LongOption::name);
  if (found == std::end(kLongOptions)) return false;
  // dash has it since 0.5.13.
  if (found->letter == 'P' && shell.language == Language::kDash) return false;
  shell.options.Set(found->letter, on);
  return true;
}

bool SetLetter(Interpreter& shell, char letter, bool on) {
  constexpr std::string_view kLetters = "aefnuvxCmbIh";
  if (kLetters.find(letter) == kLetters.npos &&
      !(shell.language == Language::kBash && (letter == 'E' || letter == 'B' || letter == 'T'))) {
    return false;
  }
  shell.options.Set(letter, on);
  return true;
}

// The options at the front of `words`; -c, -l, -s and -i only for the shell itself. Returns the
// letters that are no options of `set`.
std::string TakeOptions(Interpreter& shell, std::vector<std::string>& words, bool at_start) {
  std::string others;
  const bool dash = shell.language == Language::kDash;
  while (!words.empty() && words[0].size() > 1 && (words[0][0] == '-' || words[0][0] == '+')) {
    const std::string word = words[0];
    words.erase(words.begin());
    if (word == "--") return others + '-';
    if (at_start && word.starts_with("--")) {
      if (word == "--login") others += 'l';
      continue;
    }
    const bool on = word[0] == '-';
    for (const char letter : word.substr(1)) {
      if (letter == 'o') {
        if (words.empty()) return others;
        if (!SetLongOption(shell, words[0], on)) {
          const std::string illegal =
              dash ? "Illegal option -o " + words[0] : "illegal option -o " + words[0];
          shell.Die(illegal);
        }
        words.erase(words.begin());
      } else if (at_start && std::string_view("clsi").find(letter) != std::string_view::npos) {
        others += letter;
      } else if (!SetLetter(shell, letter, on)) {
        const std::string shown = std::string(1, word[0]) + letter;
        shell.Die(std::string(dash ? "Illegal" : "illegal") + " option " + shown);
      }
    }
  }
  return others;
}

int Export(Interpreter& shell) { return Mark(shell, &Variable::exported); }
int ReadOnly(Interpreter& shell) { return Mark(shell, &Variable::read_only); }

int Unset(Interpreter& shell) {
  std::vector<std::string> operands = shell.process.Operands();
  bool functions = false;
  bool variables = false;
  while (!operands.empty() && operands[0].starts_with('-')) {
    functions = functions || operands[0] == "-f";
    variables = variables || operands[0] == "-v";
    operands.erase(operands.begin());
  }
  for (const std::string& name : operands) {
    const bool known = shell.variables.contains(name);
    if (!IsName(name) && !functions && shell.language != Language::kBash) {
      shell.Die("" + name + ": bad variable name");
    }
    if (functions || (!known && !variables && shell.language == Language::kBash)) {
      shell.functions.erase(name);
    } else {
      shell.Unset(name);
    }
  }
  return 0;
}

int Local(Interpreter& shell) {
  if (shell.function_depth == 0) shell.Die("not in a function");
  for (const std::string& word : shell.process.Operands()) {
    if (word.starts_with('-')) NotModelled("local " + word);
    const Declaration declaration = ParseDeclaration(shell, word);
    shell.MakeLocal(declaration.name);
    if (declaration.value) {
      shell.Assign(declaration.name, *declaration.value);
    } else if (shell.language != Language::kDash) {
      shell.variables[declaration.name].value.reset();
    }
  }
  return 0;
}

int Shift(Interpreter& shell) {
  const std::vector<std::string> operands = shell.process.Operands();
  const int count = operands.empty() ? 1 : std::atoi(operands[0].c_str());
  const auto have = static_cast<int>(shell.positional.size());
  if (count < 0 || count > have) {
    if (shell.language == Language::kDash) shell.Die("can't shift that many");
    return 1;
  }
  shell.positional.erase(shell.positional.begin(), shell.positional.begin() + count);
  return 0;
}

int Set(Interpreter& shell) {
  std::vector<std::string> operands = shell.process.Operands();
  if (operands.empty()) return SetVariables(shell);
  if (operands.size() == 1 && (operands[0] == "-o" || operands[0] == "+o")) NotModelled("set -o");
  std::string others;
  try {
    others = TakeOptions(shell, operands, false);
  } catch (const ScriptError& error) {
    if (shell.language == Language::kDash) throw;
    shell.Complain(error);
    return shell.language == Language::kAsh ? 1 : 2;
  }
  if (others.ends_with('-') || !operands.empty()) {
    if (!operands.empty() && operands[0] == "-" && others.empty()) {
      shell.options.Set('x', false);
      shell.options.Set('v', false);
      operands.erase(operands.begin());
      if (operands.empty()) return 0;
    }
    shell.positional = operands;
    shell.option_offset = 0;
  }
  return 0;
}

int Getopts(Interpreter& shell) {
  const std::vector<std::string> operands = shell.process.Operands();
  if (operands.size() < 2) {
    shell.Die("Usage: getopts optstring var [arg]");
  }
  std::string letters = operands[0];
  const bool silent = letters.starts_with(':');
  const std::vector<std::string> words =
      operands.size() > 2 ? std::vector<std::string>(operands.begin() + 2, operands.end())
                          : shell.positional;
  auto index = static_cast<std::size_t>(std::max(1, std::atoi(shell.Value("OPTIND").c_str())));
  std::size_t offset = std::max<std::size_t>(shell.option_offset, 1);
  const auto finish = [&](const std::string& found, int result) {
    shell.Assign(operands[1], found);
    shell.Assign("OPTIND", std::to_string(index));
    shell.option_offset = offset;
    return result;
  };
  const bool inside = index <= words.size();
  if (!inside || (offset == 1 && (words[index - 1].size() < 2 || words[index - 1][0] != '-'))) {
    offset = 0;
    shell.Unset("OPTARG");
    return finish("?", 1);
  }
  if (words[index - 1] == "--") {
    ++index;
    offset = 0;
    return finish("?", 1);
  }
  const std::string& word = words[index - 1];
  const char letter = word[offset++];
  const std::size_t known = letter == ':' ? letters.npos : letters.find(letter, silent ? 1 : 0);
  const bool takes_value =
      known != letters.npos && known + 1 < letters.size() && letters[known + 1] == ':';
  const bool ends = offset >= word.size();
  if (known == letters.npos || !takes_value) {
    if (ends) {
      ++index;
      offset = 0;
    }
    if (known != letters.npos) {
      shell.Unset("OPTARG");
      return finish(std::string(1, letter), 0);
    }
    if (silent) {
      shell.Assign("OPTARG", std::string(1, letter));
    } else {
      shell.Unset("OPTARG");
      const std::string prefix = shell.language == Language::kBash
                                     ? shell.name + ": illegal option -- "
                                     : "Illegal option -";
      shell.process.Write(2, prefix + letter + "\n");
    }
    return finish("?", 0);
  }
  const std::size_t value_index = index;
  ++index;
  const std::size_t value_offset = std::exchange(offset, 0);
  if (!ends) {
    shell.Assign("OPTARG", word.substr(value_offset));
    return finish(std::string(1, letter), 0);
  }
  if (value_index < words.size()) {
    ++index;
    shell.Assign("OPTARG", words[value_index]);
    return finish(std::string(1, letter), 0);
  }
  if (silent) {
    shell.Assign("OPTARG", std::string(1, letter));
    return finish(":", 0);
  }
  shell.Unset("OPTARG");
  const std::string option(1, letter);
  shell.process.Write(2, shell.language == Language::kBash
                             ? shell.name + ": option requires an argument -- " + option + "\n"
                             : "No arg for -" + option + " option\n");
  return finish("?", 0);
}

int Let(Interpreter& shell) {
  std::int64_t value = 0;
  for (const std::string& expression : shell.process.Operands()) {
    value = shell.Arithmetic(expression);
  }
  return value != 0 ? 0 : 1;
}

int ShellOptions(Interpreter& shell) {
  for (const std::string& word : shell.process.Operands()) {
    if (!word.starts_with('-') && word != "inherit_errexit") NotModelled("shopt " + word);
  }
  return 0;
}

}  // namespace watertight::generator::shell
