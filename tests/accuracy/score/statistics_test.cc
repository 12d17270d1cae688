// Expected numbers by Python 3.11: Wilson's interval as the roots of its defining quadratic, with
// statistics.NormalDist; binomial sums in fractions; 200,000 resamples drawn with `random`.

#include "bench/accuracy/score/statistics.h"

#include <gtest/gtest.h>

#include <optional>
#include <vector>

namespace watertight::bench {
namespace {

TEST(Proportion, OfNothingIsNoNumber) {
  EXPECT_EQ((Proportion{0, 0}.value()), std::nullopt);
  EXPECT_EQ((Proportion{0, 3}.value()), 0.0);
  EXPECT_FALSE(Wilson({0, 0}));
}

TEST(Wilson, IsThatOfTheDefinition) {
  struct Row {
    Proportion proportion;
    double low;
    double high;
  };
  for (const Row& row :
       {Row{{0, 10}, 0.0, 0.277533}, Row{{10, 10}, 0.722467, 1.0}, Row{{3, 10}, 0.107791, 0.603222},
        Row{{81, 263}, 0.255289, 0.366210}, Row{{1, 1}, 0.206549, 1.0}}) {
    const auto interval = Wilson(row.proportion);
    ASSERT_TRUE(interval);
    EXPECT_NEAR(interval->low, row.low, 1e-6);
    EXPECT_NEAR(interval->high, row.high, 1e-6);
  }
}

// 30 of 100 trials of 10 things are 3 of 10.
TEST(Wilson, GainsNothingFromRepetition) {
  const auto interval = Wilson({30, 100, 10});
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 0.107791, 1e-6);
  EXPECT_NEAR(interval->high, 0.603222, 1e-6);
}

TEST(McNemar, IsExactUnderTwentyFiveDiscordant) {
  EXPECT_NEAR(McNemar(1, 8).p, 0.0390625, 1e-12);
  EXPECT_NEAR(McNemar(8, 1).p, 0.0390625, 1e-12);
  EXPECT_NEAR(McNemar(0, 5).p, 0.0625, 1e-12);
  EXPECT_NEAR(McNemar(12, 12).p, 1.0, 1e-12);
  EXPECT_NEAR(McNemar(3, 21).p, 0.0002771615982055664, 1e-15);
  EXPECT_TRUE(McNemar(3, 21).exact);
  EXPECT_EQ(McNemar(0, 0).p, 1.0);
}

TEST(McNemar, IsChiSquaredFromTwentyFive) {
  EXPECT_FALSE(McNemar(10, 30).exact);
  EXPECT_NEAR(McNemar(10, 30).p, 0.0026631192591386466, 1e-12);
  EXPECT_NEAR(McNemar(25, 25).p, 1.0, 1e-12);
  EXPECT_NEAR(McNemar(59, 6).p, 1.1199330351985282e-10, 1e-14);
}

TEST(Bootstrap, NeedsTwoSeeds) {
  EXPECT_FALSE(Bootstrap({}));
  EXPECT_FALSE(Bootstrap({{3, 10}}));
  EXPECT_FALSE(Bootstrap({{0, 0}, {0, 0}}));
  EXPECT_TRUE(Bootstrap({{3, 10}, {4, 10}}));
}

TEST(Bootstrap, OfTwoSeedsReachesFromOneToTheOther) {
  // Drawn are 0.4, 0.6 and 0.8 with 1/4, 1/2 and 1/4.
  const auto interval = Bootstrap({{4, 10}, {8, 10}});
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 0.4, 1e-12);
  EXPECT_NEAR(interval->high, 0.8, 1e-12);
}

TEST(Bootstrap, IsNearThatOfManyMoreResamplesAndTheSameEachTime) {
  const std::vector<Proportion> seeds = {{3, 10}, {7, 10}, {5, 10}, {9, 12}, {2, 9},
                                         {8, 10}, {6, 10}, {4, 11}, {7, 9},  {5, 10}};
  const auto interval = Bootstrap(seeds);
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 0.4314, 0.012);
  EXPECT_NEAR(interval->high, 0.6700, 0.012);
  EXPECT_EQ(Bootstrap(seeds)->low, interval->low);
  EXPECT_EQ(Bootstrap(seeds)->high, interval->high);
}

TEST(Bootstrap, OfADifferenceKeepsTheSeedsTogether) {
  // One is better by 0.2 at each seed: so it is in each resample.
  const auto interval = BootstrapDifference({{4, 10}, {9, 10}}, {{2, 10}, {7, 10}});
  ASSERT_TRUE(interval);
  EXPECT_NEAR(interval->low, 0.2, 1e-12);
  EXPECT_NEAR(interval->high, 0.2, 1e-12);
}

TEST(OverSeeds, OfFewerThanTwentyAreTheSmallestAndTheLargest) {
  EXPECT_FALSE(OverSeeds({{3, 10}}));
  EXPECT_FALSE(OverSeeds({{3, 10}, {0, 0}}));
  std::vector<Proportion> seeds(19, {5, 10});
  seeds[7] = {3, 10};
  seeds[9] = {8, 10};
  const auto few = OverSeeds(seeds);
  ASSERT_TRUE(few);
  EXPECT_FALSE(few->is_interval);
  EXPECT_EQ(few->seeds, 19);
  EXPECT_EQ(few->range.low, 0.3);
  EXPECT_EQ(few->range.high, 0.8);
  seeds.push_back({5, 10});
  const auto many = OverSeeds(seeds);
  ASSERT_TRUE(many);
  EXPECT_TRUE(many->is_interval);
  EXPECT_GT(many->range.low, 0.3);
  EXPECT_LT(many->range.high, 0.8);
}

TEST(OverSeeds, OfADifferenceKeepsTheSeedsTogether) {
  const auto spread = DifferenceOverSeeds({{4, 10}, {9, 10}}, {{2, 10}, {10, 10}});
  ASSERT_TRUE(spread);
  EXPECT_FALSE(spread->is_interval);
  EXPECT_NEAR(spread->range.low, -0.1, 1e-12);
  EXPECT_NEAR(spread->range.high, 0.2, 1e-12);
}

TEST(Holm, WeighsFromTheSmallest) {
  // 0.005 × 4, 0.01 × 3, 0.03 × 2, and 0.04 × 1 raised to the one before.
  const std::vector<double> corrected = Holm({0.01, 0.04, 0.03, 0.005});
  const std::vector<double> expected = {0.03, 0.06, 0.06, 0.02};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(corrected[i], expected[i], 1e-12);
}

}  // namespace
}  // namespace watertight::bench
