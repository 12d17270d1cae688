// Places in a command or document that hold a secret, whatever it looks like. One row each; a
// provider's token format would be a row with an empty name and its own id.

#pragma once

#include <vector>

namespace watertight {

struct TextRule {
  const char* id;
  const char* needle;   // the text holds it, or the pattern is not tried
  const char* pattern;  // RE2; one group: the value. Two: name and value, of a name that must be
                        // secret-like. A value may be quoted
  const char* example;  // with «value» marked
  char behind = '\0';   // of USER:VALUE in the group: the first of these ends the user
};

const std::vector<TextRule>& TextRules();

}  // namespace watertight
