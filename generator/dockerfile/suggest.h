// "did you mean"
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

// The option that is at most two edits away from `word`, the nearest one; empty if there is none.
std::string Nearest(std::string_view word, std::span<const std::string> options);

// The same, whatever the case; the answer has the case of `word` if it has a single one.
std::string NearestIgnoringCase(std::string_view word, std::span<const std::string> options);

// " (did you mean OPTION?)", or nothing.
std::string DidYouMean(const std::string& option);

}  // namespace watertight::generator
