// One-to-one assignment of maximal size.

#pragma once

#include <vector>

namespace watertight::bench {

inline constexpr int kUnassigned = -1;

// candidates[i]: the right sides that the left side i may get, best first. Gives for each left side
// its right side or kUnassigned. As many left sides as possible get one; where not all can, the
// earlier ones go first, and which of them get one does not depend on the order of candidates.
std::vector<int> MaximalMatching(const std::vector<std::vector<int>>& candidates, int right_sides);

}  // namespace watertight::bench
