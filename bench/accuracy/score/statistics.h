// Uncertainty of scores.

#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace watertight::bench {

struct Interval {
  double low = 0;
  double high = 0;
};

// Hits of trials. 0 of 0 is no number.
struct Proportion {
  int hits = 0;
  int of = 0;
  // How many of the trials are of different things: one leak at three seeds is tried three times
  // and tells little more than once. 0: all.
  int units = 0;

  int distinct() const { return units > 0 ? units : of; }
  std::optional<double> value() const;
  void Count(bool hit);
  Proportion& operator+=(const Proportion& other);
};

// Whether one thing that was tried at several seeds and in several layouts counts as found: in more
// than half of them.
inline bool IsFoundInMost(const Proportion& trials) { return 2 * trials.hits > trials.of; }

// The Wilson score interval, 95 %, of the share of the trials with n distinct units; nullopt of no
// trials.
std::optional<Interval> Wilson(const Proportion& proportion);

// The percentile interval, 95 %, of the pooled proportion when the parts (seeds) are drawn anew,
// with replacement, 2,000 times. nullopt under two parts, or without a trial. Repeatable.
std::optional<Interval> Bootstrap(const std::vector<Proportion>& parts);

// The same of the difference of two pooled proportions over the same parts. Requires: as many of
// one as of the other.
std::optional<Interval> BootstrapDifference(const std::vector<Proportion>& a,
                                            const std::vector<Proportion>& b);

// How a proportion spreads over seeds: the bootstrap's interval from 20 on; of fewer, whose
// resamples are few as well, the smallest and the largest.
struct Spread {
  Interval range;
  int seeds = 0;
  bool is_interval = false;
};
inline constexpr int kSeedsForInterval = 20;
// nullopt under two seeds with trials.
std::optional<Spread> OverSeeds(const std::vector<Proportion>& seeds);
// Of the difference. Requires: as many of one as of the other.
std::optional<Spread> DifferenceOverSeeds(const std::vector<Proportion>& a,
                                          const std::vector<Proportion>& b);

struct McNemarTest {
  double p = 1;
  bool exact = true;  // binomial, two-sided; else chi-squared with Edwards' correction
};
// b: what one alone found; c: what the other alone found. Exact when both are under 25 together.
McNemarTest McNemar(int b, int c);

// Holm's step-down correction; the p-values in their order.
std::vector<double> Holm(const std::vector<double>& p);

}  // namespace watertight::bench
