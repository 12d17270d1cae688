#include "framework/scan/possible_secrets.h"

#include <strings.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "framework/scan/rules/providers_form.h"
#include "framework/scan/secret_names.h"
#include "framework/scan/secret_values.h"
#include "framework/scan/wildcard.h"

namespace watertight {
namespace {

// The text is what a shell runs, not one word of a command.
bool IsCommandText(const DocumentString& string) {
  const std::string& before = string.previous;
  if (before == "CMD-SHELL" || before == "/C") return true;
  return before.size() >= 2 && (before.front() == '-' || before.front() == '/') &&
         before.back() == 'c';
}

// The whole text as NAME=value, of Env and of lists of arguments.
std::optional<PossibleSecret> WholePair(const DocumentString& string) {
  if (!string.in_list || IsCommandText(string)) return std::nullopt;
  const std::size_t equals = string.text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  std::string name = string.text.substr(0, equals);
  const bool env = strcasecmp(string.key.c_str(), "Env") == 0;
  if (!env && name.find_first_of(" \t\n\"'/:") != std::string::npos) return std::nullopt;
  if (!env) name.erase(0, name.find_first_not_of('-'));
  return PossibleSecret{name, equals + 1, string.text.size() - equals - 1, "", false};
}

// The word behind an option: ["--token", "x"].
std::optional<PossibleSecret> OptionValue(const DocumentString& string) {
  const std::string& option = string.previous;
  const std::size_t name = option.find_first_not_of('-');
  if (!string.in_list || name == 0 || name == std::string::npos || string.text.starts_with('-') ||
      option.find('=') != std::string::npos) {
    return std::nullopt;
  }
  return PossibleSecret{option.substr(name), 0, string.text.size(), "", false};
}

// Behind the colon of USER stands a group; a value there that looks made by chance is none.
std::optional<PossibleSecret> BesideUser(const DocumentString& string) {
  if (string.key != "User" || string.in_list) return std::nullopt;
  const std::size_t colon = string.text.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return PossibleSecret{"", colon + 1, string.text.size() - colon - 1, "generic-password", false};
}

// What the words before this one tell: ["mysql", "-px"], ["curl", "-u", "deploy:x"]. The value ends
// with its word.
void FindInCommand(const DocumentString& string, std::vector<PossibleSecret>* found) {
  if (string.command.empty() || IsCommandText(string)) return;
  std::vector<PossibleSecret> in_command;
  FindByTextRules(string.command + string.text, &in_command);
  for (PossibleSecret& possible : in_command) {
    if (possible.offset < string.command.size()) continue;
    possible.offset -= string.command.size();
    possible.length = string.text.size() - possible.offset;
    found->push_back(std::move(possible));
  }
}

bool IsAllowed(const std::string& name, const CleanOptions& options) {
  return std::any_of(
      options.allowed().begin(), options.allowed().end(),
      [&name](const std::string& allowed) { return MatchesWildcard(allowed, name); });
}

}  // namespace

KnownBindings LearnBindings(const std::vector<DocumentString>& strings) {
  KnownBindings known;
  // Twice: what later steps make certain helps to read the earlier ones.
  for (int round = 0; round < 2; ++round) {
    for (const DocumentString& string : strings) {
      if (string.is_key) continue;
      if (const auto pair = WholePair(string)) {
        known.AddValue(pair->name, string.text.substr(pair->offset));
      }
      if (string.step) {
        LearnFrom(string.text, &known);
      } else if (!string.in_list) {
        known.AddValue(string.key, string.text);
      }
    }
  }
  return known;
}

std::vector<PossibleSecret> PossibleSecrets(const DocumentString& string,
                                            const KnownBindings& known) {
  std::vector<PossibleSecret> found;
  if (!string.in_list) found.push_back({string.key, 0, string.text.size(), "", false});
  if (const auto pair = WholePair(string)) found.push_back(*pair);
  if (const auto value = OptionValue(string)) found.push_back(*value);
  if (const auto value = BesideUser(string)) found.push_back(*value);
  if (string.step || string.in_list) {
    std::vector<PossibleSecret> bindings = RecordedBindings(string.text, known);
    std::move(bindings.begin(), bindings.end(), std::back_inserter(found));
  }
  FindByTextRules(string.text, &found);
  FindInCommand(string, &found);
  FindAssignments(string.text, &found);
  return found;
}

const char* LeakRule(const PossibleSecret& possible, std::string_view value,
                     const CleanOptions& options) {
  if (value.empty()) return nullptr;
  if (!possible.name.empty() && IsAllowed(possible.name, options)) return nullptr;
  const SecretName name = ClassifyName(possible.name);
  const bool by_name = possible.rule.empty();
  if (by_name && name.rule == nullptr) return nullptr;
  const bool alone = by_name ? name.alone : possible.alone;
  if (!IsSecretValue(possible.name, value, alone) || IsUnissuedToken(value)) return nullptr;
  return by_name ? name.rule : possible.rule.c_str();
}

}  // namespace watertight
