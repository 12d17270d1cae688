// Whether several tools differ over many cells, and which (Demšar 2006).

#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace watertight::bench {

struct FriedmanTest {
  std::vector<double> mean_ranks;  // of each tool; 1 is the best
  double chi_squared = 0;          // corrected for ties
  double p = 1;                    // with as many degrees of freedom as tools but one
};

// cells[i][j]: the recall of tool j in cell i. Equal ones share the mean of their ranks.
// Requires: a cell, and as many recalls in each.
FriedmanTest Friedman(const std::vector<std::vector<double>>& cells);

// Nemenyi: two of the tools whose mean ranks differ by less are not told apart, at 5 %. nullopt for
// one tool, more than 20, or without a cell.
std::optional<double> CriticalDifference(std::size_t tools, std::size_t cells);

}  // namespace watertight::bench
