#include "bench/accuracy/score/friedman.h"

#include <gtest/gtest.h>

#include <cmath>

namespace watertight::bench {
namespace {

TEST(Friedman, IsThatOfTheDefinition) {
  // Ranks 1 2 3, 1 2 3, 1 3 2, 1 2 3: sums 4, 9, 11. 12 / (4·3·4) · (16 + 81 + 121) − 3·4·4 = 6.5,
  // and with two degrees of freedom p = exp(−6.5 / 2).
  const FriedmanTest test =
      Friedman({{0.9, 0.5, 0.1}, {0.8, 0.7, 0.6}, {0.4, 0.2, 0.3}, {1, 0.5, 0}});
  EXPECT_NEAR(test.mean_ranks[0], 1, 1e-12);
  EXPECT_NEAR(test.mean_ranks[1], 2.25, 1e-12);
  EXPECT_NEAR(test.mean_ranks[2], 2.75, 1e-12);
  EXPECT_NEAR(test.chi_squared, 6.5, 1e-12);
  EXPECT_NEAR(test.p, std::exp(-3.25), 1e-12);
}

TEST(Friedman, SharesTheRanksOfEqualOnes) {
  // Ranks 1.5 1.5 3 and 1 2.5 2.5: sums 2.5, 4, 5.5 about 4; the squares of ranks are
  // 2.25 + 2.25 + 9 + 1 + 6.25 + 6.25 = 27, less 2·3·16 / 4 = 24.
  // 2 · (2.25 + 0 + 2.25) / 3 = 3.
  const FriedmanTest test = Friedman({{0.9, 0.9, 0.1}, {0.8, 0.3, 0.3}});
  EXPECT_NEAR(test.mean_ranks[0], 1.25, 1e-12);
  EXPECT_NEAR(test.mean_ranks[1], 2, 1e-12);
  EXPECT_NEAR(test.mean_ranks[2], 2.75, 1e-12);
  EXPECT_NEAR(test.chi_squared, 3, 1e-12);
  EXPECT_NEAR(test.p, std::exp(-1.5), 1e-12);
}

TEST(Friedman, OfEqualsTellsNothing) {
  const FriedmanTest test = Friedman({{0.5, 0.5}, {0, 0}});
  EXPECT_EQ(test.p, 1);
  EXPECT_EQ(test.mean_ranks[0], 1.5);
}

TEST(Friedman, HasAnOddNumberOfDegreesOfFreedomForAnEvenNumberOfTools) {
  // Two tools, one ahead in all of 4 cells: (2 − 1) · (2·2² ) / (4·5 − 4·2·9/4) = 8 / 2 = 4;
  // the chi-squared distribution of one degree above 4 is 0.0455003 (tables).
  const FriedmanTest two = Friedman({{1, 0}, {1, 0}, {1, 0}, {1, 0}});
  EXPECT_NEAR(two.chi_squared, 4, 1e-12);
  EXPECT_NEAR(two.p, 0.0455003, 1e-7);
  // Four tools in the same order in two cells: 12 / (2·4·5) · (4 + 16 + 36 + 64) − 3·2·5 = 6;
  // three degrees of freedom above 6: 0.1116102 (tables).
  const FriedmanTest four = Friedman({{4, 3, 2, 1}, {4, 3, 2, 1}});
  EXPECT_NEAR(four.chi_squared, 6, 1e-12);
  EXPECT_NEAR(four.p, 0.1116102, 1e-7);
}

TEST(CriticalDifference, IsThatOfDemsar) {
  // Demšar 2006, section 3.2.3: four classifiers over 14 data sets: 2.569 · √(4·5 / (6·14)) = 1.25.
  EXPECT_NEAR(CriticalDifference(4, 14).value_or(0), 1.25, 0.005);
  EXPECT_NEAR(CriticalDifference(2, 6).value_or(0), 1.960 * std::sqrt(1.0 / 6), 1e-12);
  EXPECT_FALSE(CriticalDifference(1, 14));
  EXPECT_FALSE(CriticalDifference(21, 14));
  EXPECT_FALSE(CriticalDifference(4, 0));
}

}  // namespace
}  // namespace watertight::bench
