// Which patterns of an ignore file are refused.
#pragma once

#include <string_view>

namespace watertight::generator {

// Docker finds out by matching the pattern against "." with Go's filepath.Match, which gives up at
// the first part that cannot match: `[` alone is refused, `x*[` is not.
bool IsAcceptedPattern(std::string_view pattern);

}  // namespace watertight::generator
