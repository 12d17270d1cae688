// Names with * and ?, for what a caller allows.

#pragma once

#include <string_view>

namespace watertight {

// Linear in practice, and never worse than the product of both lengths.
bool MatchesWildcard(std::string_view pattern, std::string_view name);

}  // namespace watertight
