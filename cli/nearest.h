// The word that was probably meant.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watertight::cli {

// The word at the smallest edit distance, at most a third of its letters; empty when none is near.
std::string Nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace watertight::cli
