// Whether a match of a pattern can hold a literal.
//
// The pattern becomes a graph of steps, each over one byte of a set; a literal can stand in a match
// when its bytes lead from some step to another. What the graph does not know it takes for any byte
// or any number of times (assertions, counts, classes of Unicode), so that true may be wrong, and
// false never is.

#pragma once

#include <string_view>

namespace watertight {

// Requires: RE2 takes the pattern, in Latin-1. Matches hold no NUL.
bool MayHold(std::string_view pattern, std::string_view literal);

}  // namespace watertight
