// Brace expansion of bash: a{b,c} and {1..3}.
#pragma once

#include <vector>

#include "generator/build/shell/syntax_tree.h"

namespace watertight::generator::shell {

// The words that one word stands for; itself when it has no braces to expand.
std::vector<Word> ExpandBraces(const Word& word);

}  // namespace watertight::generator::shell
