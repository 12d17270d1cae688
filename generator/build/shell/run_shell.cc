// A shell as a program: its options, and where its script comes from.

#include <utility>

#include "generator/build/shell/interpreter.h"
#include "generator/build/shell/shell_options.h"

namespace watertight::generator::shell {
namespace {

// What a login shell reads first.
void ReadProfiles(Interpreter& shell) {
  std::vector<std::string> paths = {"/etc/profile"};
  const std::string home = shell.Value("HOME");
  const std::vector<std::string> own =
      shell.language == Language::kBash
          ? std::vector<std::string>{"/.bash_profile", "/.bash_login", "/.profile"}
          : std::vector<std::string>{"/.profile"};
  for (const std::string& name : own) {
    if (!shell.process.Stat(home + name)) continue;
    paths.push_back(home + name);
    break;
  }
  for (const std::string& path : paths) {
    std::errc error = {};
    const auto text = shell.process.ReadFile(path, error);
    if (text) shell.RunText(text->ToString());
  }
}

// Fails as the shell does; the status goes into `status`.
std::optional<std::string> ScriptFile(Interpreter& shell, const std::string& path, int& status) {
  std::errc error = {};
  const auto text = shell.process.ReadFile(path, error);
  if (text) return text->ToString();
  const bool missing = error == std::errc::no_such_file_or_directory;
  switch (shell.language) {
    case Language::kDash:
      shell.Complain("cannot open " + path + ": " +
                     (missing ? "No such file" : shell.process.Text(error)));
      status = 2;
      break;
    case Language::kAsh:
      shell.Complain("can't open '" + path + "': " + shell.process.Text(error));
      status = 2;
      break;
    case Language::kBash:
      shell.process.Write(2, shell.name + ": " + path + ": " + shell.process.Text(error) + "\n");
      status = missing ? 127 : 126;
  }
  return {};
}

int Run(Interpreter& shell, std::vector<std::string> words) {
  const std::string own_name = shell.process.arguments[0];
  const std::string letters = TakeOptions(shell, words, true);
  if (letters.find('c') != letters.npos && shell.language != Language::kDash) {
    shell.options.Set('c', true);
  }
  const auto has = [&](char letter) { return letters.find(letter) != letters.npos; };
  std::string script;
  if (has('c')) {
    if (words.empty()) {
      shell.Die(shell.language == Language::kBash ? "-c: option requires an argument"
                                                  : "-c requires an argument");
    }
    script = words[0];
    words.erase(words.begin());
    std::string name = own_name;
    if (!words.empty()) {
      name = words[0];
      words.erase(words.begin());
      shell.named = true;
    }
    shell.SetArguments(std::move(name), std::move(words));
  } else if (!words.empty() && !has('s')) {
    const std::string path = words[0];
    words.erase(words.begin());
    int status = 0;
    const auto text = ScriptFile(shell, path, status);
    if (!text) return status;
    script = *text;
    shell.SetArguments(path, std::move(words));
    shell.from_file = true;
  } else {
    script = shell.process.ReadAllText(0);
    shell.SetArguments(own_name, std::move(words));
  }
  if (has('l')) ReadProfiles(shell);
  return shell.RunScript(script);
}

}  // namespace

int RunShell(Process& process, Language language) {
  Interpreter shell(process, language);
  const std::string& called = process.arguments[0];
  shell.SetArguments(called, {});
  shell.applet = called.substr(called.rfind('/') + 1);
  try {
    return Run(shell, process.Operands());
  } catch (const ScriptError& error) {
    shell.Complain(error);
    return error.status;
  } catch (const ExitShell& exit) {
    return exit.status;
  }
}

}  // namespace watertight::generator::shell
