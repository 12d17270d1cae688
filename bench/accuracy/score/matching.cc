#include "bench/accuracy/score/matching.h"

#include <cstddef>
#include <deque>
#include <utility>

namespace watertight::bench {
namespace {

// Augmenting paths (Berge 1957): a left side that has once got a right side keeps one, so the sets
// that can be served form a matroid, and taking left sides in order is greedy and maximal on it.
class Assignment {
 public:
  Assignment(const std::vector<std::vector<int>>& candidates, int right_sides)
      : candidates_(candidates),
        left_of_(static_cast<std::size_t>(right_sides), kUnassigned),
        right_of_(candidates.size(), kUnassigned) {}

  // Breadth first, so that a deep chain costs no stack.
  void Augment(int start) {
    std::vector<int> reached_from(left_of_.size(), kUnassigned);
    std::deque<int> queue = {start};
    while (!queue.empty()) {
      const int left = queue.front();
      queue.pop_front();
      for (const int right : candidates_[static_cast<std::size_t>(left)]) {
        int& from = reached_from[static_cast<std::size_t>(right)];
        if (from != kUnassigned) continue;
        from = left;
        const int holder = left_of_[static_cast<std::size_t>(right)];
        if (holder == kUnassigned) return Flip(right, reached_from);
        queue.push_back(holder);
      }
    }
  }

  std::vector<int> Take() { return std::move(right_of_); }

 private:
  void Flip(int right, const std::vector<int>& reached_from) {
    while (right != kUnassigned) {
      const int left = reached_from[static_cast<std::size_t>(right)];
      const int given_up = right_of_[static_cast<std::size_t>(left)];
      right_of_[static_cast<std::size_t>(left)] = right;
      left_of_[static_cast<std::size_t>(right)] = left;
      right = given_up;
    }
  }

  const std::vector<std::vector<int>>& candidates_;
  std::vector<int> left_of_;
  std::vector<int> right_of_;
};

}  // namespace

std::vector<int> MaximalMatching(const std::vector<std::vector<int>>& candidates, int right_sides) {
  Assignment assignment(candidates, right_sides);
  for (std::size_t left = 0; left < candidates.size(); ++left) {
    assignment.Augment(static_cast<int>(left));
  }
  return assignment.Take();
}

}  // namespace watertight::bench
