// A regular expression as a tree, parsed from the basic or the extended syntax.

#pragma once

#include <bitset>
#include <string_view>
#include <vector>

#include "generator/build/commands/regex.h"

namespace watertight::generator::commands {

struct RegexNode {
  enum class Kind {
    kBytes,          // one byte of `set`
    kAssert,         // `assertion`
    kBackReference,  // `number`
    kGroup,          // the only child, as group `number`
    kConcat,         // all children, one after the other; none matches the empty text
    kAlternate,      // one of the children
    kRepeat,         // the only child, `least` to `most` times
  };
  static constexpr int kEndless = -1;

  Kind kind = Kind::kConcat;
  std::bitset<256> set = {};
  char assertion = 0;
  std::size_t number = 0;
  int least = 0;
  int most = 0;
  std::vector<RegexNode> children = {};
};

struct RegexTree {
  RegexNode root;
  std::size_t group_count = 0;
  bool has_back_references = false;
};

// Throws: RegexError.
RegexTree ParseRegex(std::string_view pattern, const RegexOptions& options);

}  // namespace watertight::generator::commands
