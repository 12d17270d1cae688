// A value in a text that could be a secret, and what it is bound to.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace watertight {

struct PossibleSecret {
  std::string name;  // the variable, option, key or header; may be empty
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string rule;    // empty: by its name
  bool alone = false;  // with rule: the place proves it, whatever the value looks like
};

// NAME=value, "name": "value", name: value, --name value, in shell, JSON, YAML, INI and program
// text. Only names that ClassifyName knows.
void FindAssignments(std::string_view text, std::vector<PossibleSecret>* found);

// What text_rules.cc lists: credentials in URLs, headers, options of known commands, and the like.
void FindByTextRules(std::string_view text, std::vector<PossibleSecret>* found);

}  // namespace watertight
