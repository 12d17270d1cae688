#include "bench/accuracy/score/matching.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <vector>

namespace watertight::bench {
namespace {

using testing::ElementsAre;

TEST(MaximalMatching, GivesWayToServeMore) {
  // The first may have 0 or 1, the second 0 alone.
  EXPECT_THAT(MaximalMatching({{0, 1}, {0}}, 2), ElementsAre(1, 0));
  // A chain of three that all must move.
  EXPECT_THAT(MaximalMatching({{0, 1}, {1, 2}, {2, 3}, {0}}, 4), ElementsAre(1, 2, 3, 0));
}

TEST(MaximalMatching, ServesTheEarlierWhereNotAllCanBe) {
  EXPECT_THAT(MaximalMatching({{0}, {0}}, 1), ElementsAre(0, kUnassigned));
  EXPECT_THAT(MaximalMatching({}, 3), ElementsAre());
  EXPECT_THAT(MaximalMatching({{}, {2}}, 3), ElementsAre(kUnassigned, 2));
}

// Tries every assignment.
int Largest(const std::vector<std::vector<int>>& candidates, std::size_t at, unsigned used) {
  if (at == candidates.size()) return 0;
  int best = Largest(candidates, at + 1, used);
  for (const int right : candidates[at]) {
    if ((used >> right & 1U) != 0) continue;
    best = std::max(best, 1 + Largest(candidates, at + 1, used | 1U << right));
  }
  return best;
}

TEST(MaximalMatching, IsAsLargeAsAnyOnRandomGraphs) {
  std::mt19937 random(7);
  for (int round = 0; round < 400; ++round) {
    std::vector<std::vector<int>> candidates(1 + random() % 6);
    for (auto& row : candidates) {
      for (int right = 0; right < 5; ++right) {
        if (random() % 3 == 0) row.push_back(right);
      }
    }
    const std::vector<int> assigned = MaximalMatching(candidates, 5);
    std::vector<bool> served;
    std::vector<int> rights;
    for (std::size_t left = 0; left < assigned.size(); ++left) {
      served.push_back(assigned[left] != kUnassigned);
      if (assigned[left] == kUnassigned) continue;
      EXPECT_THAT(candidates[left], testing::Contains(assigned[left]));
      EXPECT_THAT(rights, testing::Not(testing::Contains(assigned[left])));
      rights.push_back(assigned[left]);
    }
    EXPECT_EQ(static_cast<int>(rights.size()), Largest(candidates, 0, 0));
    // The same left sides, in whatever order their candidates stand.
    for (auto& row : candidates) std::reverse(row.begin(), row.end());
    std::vector<bool> served_again;
    for (const int right : MaximalMatching(candidates, 5)) {
      served_again.push_back(right != kUnassigned);
    }
    EXPECT_EQ(served, served_again);
  }
}

}  // namespace
}  // namespace watertight::bench
