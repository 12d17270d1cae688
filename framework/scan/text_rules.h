// Places in a command or document that hold a secret, whatever it looks like. One row each; a
// provider's token format would be a row with an empty name and its own id.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace watertight {

struct TextRule {
  const char* id;
  const char* needle;   // the text holds it, or the pattern is not tried
  const char* pattern;  // RE2; one group: the value. Two: name and value, of a name that must be
                        // secret-like. A value may be quoted
  const char* example;  // with «value» marked
  char behind = '\0';   // of USER:VALUE in the group: the first of these ends the user
  // Literals that lead to the place in files, and how far ahead of them the pattern may begin, as
  // of rules/rule.h. Null: only histories and configurations are read for it.
  const char* in_files = nullptr;
  std::size_t reach = 0;
};

const std::vector<TextRule>& TextRules();

// The secret in what the pattern's groups matched in text: without quotes, behind the user's name.
// Empty when there is none, or when its name does not promise one. name: of a rule with two groups.
std::string_view SecretOfPlace(const TextRule& rule, std::string_view text, std::string_view name,
                               std::string_view group);

}  // namespace watertight
