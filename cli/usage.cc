#include "cli/usage.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/nearest.h"
#include "framework/image/path.h"

namespace watertight::cli {
namespace {

std::vector<std::string> CommandNames(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> OptionNames(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::string Suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::string nearest = Nearest(word, known);
  return nearest.empty() ? "" : "; did you mean " + nearest + "?";
}

std::string Unexpected(const CLI::App& app, const CLI::App& command, const std::string& marked) {
  const std::string word = UnmarkedWord(marked);
  const std::string shown = Printable(word);
  if (word.starts_with("-") && word != "-") {
    const std::string name = word.substr(0, word.find('='));
    return "the option " + Printable(name) + " is unknown" + Suggestion(name, OptionNames(command));
  }
  if (&command == &app) {
    return "the command " + shown + " is unknown" + Suggestion(word, CommandNames(app));
  }
  return "one argument too many: " + shown;
}

// CLI11's own words, on one line.
std::string OwnWords(const CLI::ParseError& error) {
  std::string text = error.what();
  while (text.ends_with('\n')) text.pop_back();
  std::replace(text.begin(), text.end(), '\n', ' ');
  return Printable(text);
}

std::string Cause(const CLI::App& app, const CLI::App& command, const CLI::ParseError& error) {
  const std::vector<std::string> rest = command.remaining();
  const bool no_command = &command == &app && rest.empty();
  if (no_command && dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return "a command is missing";
  }
  const bool surplus = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr ||
                       dynamic_cast<const CLI::RequiredError*>(&error) != nullptr;
  if (surplus && !rest.empty()) return Unexpected(app, command, rest.front());
  return OwnWords(error);
}

constexpr char kMark = '\x01';

}  // namespace

std::string MarkedWord(std::string word) {
  if (word.starts_with('[') && word.ends_with(']')) word += kMark;
  return word;
}

std::string UnmarkedWord(std::string word) {
  if (word.starts_with('[') && word.ends_with(kMark)) word.pop_back();
  return word;
}

std::string UsageLine(const CLI::App& app, const CLI::ParseError& error) {
  const std::vector<CLI::App*> parsed = app.get_subcommands();
  const CLI::App& command = parsed.empty() ? app : *parsed.front();
  const std::string name = parsed.empty() ? "" : command.get_name();
  return (name.empty() ? "" : name + ": ") + Cause(app, command, error) + " (see watertight " +
         (name.empty() ? "" : name + " ") + "--help)";
}

}  // namespace watertight::cli
