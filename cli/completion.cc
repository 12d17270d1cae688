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

std::vector<std::string> OptionsOf(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

// What an option may be followed by, where that is one of a few words.
struct OptionWords {
  std::string option;
  std::string words;
};

std::string WithoutCommas(std::string text) {
  std::erase(text, ',');
  return text;
}

std::vector<OptionWords> WordsOfOptions() {
  return {{"format", "text json markdown"},
          {"builder", WithoutCommas(NamesOfBuilders())},
          {"archive", WithoutCommas(NamesOfArchives())},
          {"compression", "none gzip zstd"},
          {"provenance", "off min max"},
          {"list", "fixtures builders archives kinds"},
          {"configuration", "default best"},
          {"view", "image layers rootfs"}};
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string BashScript(const CLI::App& app) {
  std::vector<std::string> commands;
  std::string cases;
  for (const CLI::App* command : app.get_subcommands({})) {
    commands.push_back(command->get_name());
    cases += "    " + command->get_name() + ") words='" + Joined(OptionsOf(*command)) + "' ;;\n";
  }
  std::string values;
  for (const auto& [option, words] : WordsOfOptions()) {
    values += "    *,*,--" + option + ") COMPREPLY=($(compgen -W '" + words +
              "' -- \"$current\")); return ;;\n";
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
std::string ZshScript(const CLI::App& app) {
  return "#compdef watertight\n"
         "autoload -U +X bashcompinit && bashcompinit\n" +
         BashScript(app);
}

std::string FishScript(const CLI::App& app) {
  const std::vector<OptionWords> values = WordsOfOptions();
  std::string script;
  for (const CLI::App* command : app.get_subcommands({})) {
    const std::string name = command->get_name();
    script += "complete -c watertight -n __fish_use_subcommand -f -a " + name + " -d '" +
              command->get_description() + "'\n";
    const std::string condition = " -n '__fish_seen_subcommand_from " + name + "'";
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& option_name : option->get_lnames()) {
        script += "complete -c watertight" + condition + " -l " + option_name;
        if (option->get_expected_min() > 0) script += " -r";
        for (const auto& [known, words] : values) {
          if (option_name == known) script += " -f -a '" + words + "'";
        }
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
  std::string (*script)(const CLI::App& app);
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
        if (*shell == known.name) out.Write(known.script(*app));
      }
      return static_cast<int>(kWell);
    };
  });
}

}  // namespace watertight::cli
