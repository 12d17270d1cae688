// Builtins about commands, directories and the umask.

#include <algorithm>
#include <utility>

#include "generator/build/shell/builtins.h"
#include "generator/build/shell/mode_words.h"

namespace watertight::generator::shell {
namespace {

constexpr std::string_view kReserved[] = {"!",    "{",    "}",    "case",  "do",
                                          "done", "elif", "else", "esac",  "fi",
                                          "for",  "if",   "then", "until", "while"};

bool IsReserved(const std::string& word) {
  return std::ranges::find(kReserved, word) != std::end(kReserved);
}

// `command -v` and `type`.
int Describe(Interpreter& shell, const std::string& word, bool verbose) {
  const auto print = [&](const std::string& text) { shell.process.Write(1, text + "\n"); };
  const bool bash = shell.language == Language::kBash;
  const Builtin* builtin = FindBuiltin(word, shell.language);
  if (IsReserved(word)) {
    print(verbose ? word + " is a shell keyword" : word);
  } else if (shell.functions.contains(word)) {
    if (verbose && bash) NotModelled("type of a function");
    print(verbose ? word + (shell.language == Language::kDash ? " is a shell function"
                                                              : " is a function")
                  : word);
  } else if (builtin != nullptr) {
    const std::string kind =
        builtin->special && !bash ? " is a special shell builtin" : " is a shell builtin";
    print(verbose ? word + kind : word);
  } else {
    const bool is_applet = shell.language == Language::kAsh && FindsApplet(shell.process, word);
    const std::string path = is_applet ? word : shell.Which(word, shell.Value("PATH"));
    if (path.empty()) {
      if (!verbose) return shell.language == Language::kBash ? 1 : 127;
      if (bash) {
        shell.Fail(word + ": not found");
        return 1;
      }
      shell.process.Write(shell.language == Language::kDash ? 1 : 2, word + ": not found\n");
      return 127;
    }
    print(verbose ? word + " is " + path : path);
  }
  return 0;
}

// The path with . and .. taken out by name, as `cd` without -P does.
std::string Logical(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < path.size();) {
    const std::size_t slash = std::min(path.find('/', at), path.size());
    const std::string part = path.substr(at, slash - at);
    at = slash + 1;
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else {
      parts.push_back(part);
    }
  }
  std::string logical;
  for (const std::string& part : parts) logical += "/" + part;
  return logical.empty() ? "/" : logical;
}

std::errc Enter(Interpreter& shell, const std::string& path, bool physical) {
  std::string whole = path;
  if (!path.starts_with('/')) {
    whole = shell.logical_directory + (shell.logical_directory.ends_with('/') ? "" : "/") + path;
  }
  const std::string target = physical ? path : Logical(whole);
  if (path.empty()) return std::errc::no_such_file_or_directory;
  const std::errc changed = shell.process.ChangeDirectory(target);
  if (changed != std::errc()) return changed;
  const std::string old = shell.logical_directory;
  shell.logical_directory = physical ? shell.process.directory : target;
  shell.Assign("OLDPWD", old);
  shell.Assign("PWD", shell.logical_directory);
  shell.Export("OLDPWD");
  shell.Export("PWD");
  return {};
}

}  // namespace

int CommandBuiltin(Interpreter& shell) {
  std::vector<std::string> words = shell.process.Operands();
  bool describes = false;
  bool verbose = false;
  while (!words.empty() && words[0].size() > 1 && words[0][0] == '-') {
    const std::string option = words[0];
    words.erase(words.begin());
    if (option == "--") break;
    for (const char letter : option.substr(1)) {
      describes = describes || letter == 'v' || letter == 'V';
      verbose = verbose || letter == 'V';
    }
  }
  if (words.empty()) return 0;
  if (!describes) {
    const Builtin* builtin = FindBuiltin(words[0], shell.language);
    if (builtin == nullptr || !builtin->special) {
      shell.builtin.clear();
      return shell.RunWords(words, false);
    }
    // Behind `command`, an error of a special builtin does not end the shell.
    try {
      return shell.RunBuiltin(*builtin, words);
    } catch (const ScriptError& error) {
      shell.Complain(error);
      return error.status;
    }
  }
  if (shell.language != Language::kBash) return Describe(shell, words[0], verbose);
  int result = 1;
  for (const std::string& word : words) {
    if (Describe(shell, word, verbose) == 0) result = 0;
  }
  return result;
}

int BuiltinBuiltin(Interpreter& shell) {
  const std::vector<std::string> words = shell.process.Operands();
  if (words.empty()) return 0;
  const Builtin* builtin = FindBuiltin(words[0], shell.language);
  if (builtin == nullptr) return shell.Fail(words[0] + ": not a shell builtin");
  return shell.RunBuiltin(*builtin, words);
}

int Type(Interpreter& shell) {
  int result = 0;
  for (const std::string& word : shell.process.Operands()) {
    if (word.starts_with('-') && shell.language == Language::kBash) NotModelled("type " + word);
    const int one = Describe(shell, word, true);
    if (one != 0) result = one;
  }
  return result;
}

int ChangeDirectory(Interpreter& shell) {
  std::vector<std::string> operands = shell.process.Operands();
  bool physical = false;
  while (!operands.empty() && operands[0].size() > 1 && operands[0][0] == '-') {
    const std::string option = operands[0];
    operands.erase(operands.begin());
    if (option == "--") break;
    if (option != "-P" && option != "-L") {
      shell.Die("" + std::string(shell.language == Language::kDash ? "Illegal" : "illegal") +
                " option " + option.substr(0, 2));
    }
    physical = option == "-P";
  }
  std::string target = operands.empty() ? shell.Value("HOME") : operands[0];
  bool prints = false;
  if (target == "-") {
    target = shell.Value("OLDPWD");
    if (target.empty() && shell.language == Language::kBash) return shell.Fail("OLDPWD not set");
    if (target.empty()) target = ".";
    prints = true;
  }
  if (target.empty() && operands.empty()) {
    if (shell.language == Language::kBash) return shell.Fail("HOME not set");
    return 0;
  }
  if (operands.size() > 1 && shell.language == Language::kBash)
    return shell.Fail("too many arguments");
  std::errc error = Enter(shell, target, physical);
  const std::string paths = shell.Value("CDPATH");
  if (!paths.empty() && !target.starts_with('/') && !target.starts_with('.')) {
    for (const std::string& directory : PathDirectories(paths)) {
      if (Enter(shell, directory + "/" + target, physical) != std::errc()) continue;
      prints = prints || directory != ".";
      error = {};
      break;
    }
  }
  if (error == std::errc()) {
    if (prints) shell.process.Write(1, shell.logical_directory + "\n");
    return 0;
  }
  if (shell.language == Language::kDash) return shell.Fail("can't cd to " + target, 2);
  if (shell.language == Language::kAsh)
    return shell.Fail("can't cd to " + target + ": " + shell.process.Text(error), 2);
  return shell.Fail(target + ": " + shell.process.Text(error));
}

int PrintDirectory(Interpreter& shell) {
  const std::vector<std::string> operands = shell.process.Operands();
  const bool physical = !operands.empty() && operands[0] == "-P";
  shell.process.Write(1, (physical ? shell.process.directory : shell.logical_directory) + "\n");
  return 0;
}

int Umask(Interpreter& shell) {
  std::vector<std::string> operands = shell.process.Operands();
  const bool symbolic = !operands.empty() && operands[0] == "-S";
  if (symbolic) operands.erase(operands.begin());
  if (operands.empty()) {
    shell.process.Write(
        1, (symbolic ? SymbolicMode(0777 & ~shell.process.umask) : OctalMode(shell.process.umask)) +
               "\n");
    return 0;
  }
  const std::optional<std::uint32_t> mask = ParseUmask(operands[0], shell.process.umask);
  if (!mask) {
    const bool octal = operands[0].find_first_not_of("0123456789") == std::string::npos;
    switch (shell.language) {
      case Language::kDash:
        return shell.Fail((octal ? "Illegal number: " : "Illegal mode: ") + operands[0], 0);
      case Language::kAsh:
        return shell.Fail("illegal mode: " + operands[0], 2);
      case Language::kBash:
        return shell.Fail(operands[0] + ": octal number out of range");
    }
  }
  shell.process.umask = *mask;
  return 0;
}

}  // namespace watertight::generator::shell
