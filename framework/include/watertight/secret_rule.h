// A rule of one's own, for what no built-in rule knows.
//
//   SecretOptions().AddRule({.id = "acme-token", .pattern = "acme_[0-9a-f]{32}"})
//
// It goes through the same one pass over the bytes as the built-in rules, in all encodings and
// containers; docs/secrets.md tells how. All literals of all rules are searched for at once, and
// the pattern is tried around a literal only: so a rule costs next to nothing until its literal is
// there.

#pragma once

#include <string>
#include <vector>

#include "watertight/finding.h"

namespace watertight {

struct SecretRule {
  // Lower-case letters, digits and dashes; of no built-in rule, and not begun with "generic-".
  std::string id = {};
  std::string title = {};  // what it finds: "token of the deployment service"
  // RE2, over bytes but NUL; ^ and $ are those of a line. The value is the first group that took
  // part, or all of the match.
  std::string pattern = {};
  // One at least, of three bytes or more, stands in every match: at most 256 bytes behind its
  // begin, and at most 1,024 before its end. None: the fixed text that the pattern begins with.
  std::vector<std::string> literals = {};
  double entropy = 0;                        // of the value at least, in bits for each byte
  std::vector<std::string> stop_words = {};  // a value that holds one, in any case, is none
  Level level = Level::kError;
};

}  // namespace watertight
