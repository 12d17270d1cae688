// watertight completion: a script that teaches a shell the words of this program. It is made from
// the commands and options as they are declared, so it knows all of them.

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/generate_list.h"
#include "cli/open.h"
#include "cli/output.h"

namespace watertight::cli {
namespace {

std::vector<std::string> OptionsOf(CLI::App* command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command->get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string WithoutCommas(std::string text) {
  std::erase(text, ',');
  return text;
}

// What the option may be followed by, where that is one of a few words; else empty.
std::string WordsFor(CLI::Option* option) {
  if (option->check_lname("builder")) return WithoutCommas(NamesOfBuilders());
  if (option->check_lname("archive")) return WithoutCommas(NamesOfArchives());
  return WordsOf(option);
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string BashScript(CLI::App* app) {
  std::vector<std::string> commands;
  std::string cases;
  std::string values;
  for (CLI::App* command : app->get_subcommands({})) {
    const std::string name = command->get_name();
    commands.push_back(name);
    cases += "    " + name + ") words='" + Joined(OptionsOf(command)) + "' ;;\n";
    for (CLI::Option* option : command->get_options()) {
      const std::string words = WordsFor(option);
      if (words.empty() || option->get_lnames().empty()) continue;
      values += "    *," + name + ",--" + option->get_lnames().front() +
                ") COMPREPLY=($(compgen -W '" + words + "' -- \"$current\")); return ;;\n";
    }
  }
  return "_watertight() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} words\n"
         "  case $COMP_CWORD,${COMP_WORDS[1]},$previous in\n"
         "    1,*) COMPREPLY=($(compgen -W '" +
         Joined(commands) +
         " --help --version'"
         " -- \"$current\")); return ;;\n"
         "    *,completion,*) COMPREPLY=($(compgen -W 'bash zsh fish' -- \"$current\")); return "
         ";;\n" +
         values +
         "  esac\n"
         "  case ${COMP_WORDS[1]} in\n" +
         cases +
         "  esac\n"
         "  if [[ $current == -* ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
         "  else\n"
         "    compopt -o filenames 2>/dev/null\n"
         "    COMPREPLY=($(compgen -f -- \"$current\"))\n"
         "  fi\n"
         "}\n"
         "complete -F _watertight watertight\n";
}

// zsh runs bash's completions through bashcompinit.
std::string ZshScript(CLI::App* app) {
  return "#compdef watertight\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         BashScript(app);
}

std::string FishScript(CLI::App* app) {
  std::string script;
  for (CLI::App* command : app->get_subcommands({})) {
    const std::string name = command->get_name();
    script += "complete -c watertight -n __fish_use_subcommand -f -a " + name + " -d '" +
              command->get_description() + "'\n";
    const std::string condition = " -n '__fish_seen_subcommand_from " + name + "'";
    for (CLI::Option* option : command->get_options()) {
      const std::string words = WordsFor(option);
      for (const std::string& option_name : option->get_lnames()) {
        script += "complete -c watertight" + condition + " -l " + option_name;
        if (option->get_expected_min() > 0) script += " -r";
        if (!words.empty()) script += " -f -a '" + words + "'";
        script += "\n";
      }
    }
  }
  return script +
         "complete -c watertight -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh "
         "fish'\n";
}

struct Shell {
  const char* name;
  std::string (*script)(CLI::App* app);
};
constexpr Shell kShells[] = {{"bash", BashScript}, {"zsh", ZshScript}, {"fish", FishScript}};

}  // namespace

void AddCompletion(CLI::App* app, Runner* chosen) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command = app->add_subcommand("completion", "Prints a completion script for a shell");
  command->add_option("SHELL", *shell, "bash, zsh or fish")
      ->type_name("")
      ->required()
      ->check(OneOf({"bash", "zsh", "fish"}));
  command->footer(
      "Example:\n"
      "  source <(watertight completion bash)");
  command->callback([app, shell, chosen] {
    *chosen = [app, shell](Output& out) {
      for (const Shell& known : kShells) {
        if (*shell == known.name) out.Write(known.script(app));
      }
      return static_cast<int>(kWell);
    };
  });
}

}  // namespace watertight::cli
