#include "bench/accuracy/score/friedman.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace watertight::bench {
namespace {

// The studentized range's quantile 0.95 with endless degrees of freedom, by the number of tools
// from 2, over the root of 2.
constexpr double kQuantiles[] = {1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031,
                                 3.102, 3.164, 3.219, 3.268, 3.313, 3.354, 3.391,
                                 3.426, 3.458, 3.489, 3.517, 3.544};

// The highest recall has rank 1.
std::vector<double> RanksOf(const std::vector<double>& recalls) {
  std::vector<std::size_t> order(recalls.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&recalls](std::size_t a, std::size_t b) { return recalls[a] > recalls[b]; });
  std::vector<double> ranks(recalls.size());
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    while (end < order.size() && recalls[order[end]] == recalls[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) {
      ranks[order[i]] = static_cast<double>(begin + 1 + end) / 2;
    }
    begin = end;
  }
  return ranks;
}

// What is above x in the chi-squared distribution; by the recurrence over two degrees of freedom.
double ChiSquaredTail(double x, std::size_t freedom) {
  double tail = freedom % 2 == 1 ? std::erfc(std::sqrt(x / 2)) : std::exp(-x / 2);
  for (std::size_t of = freedom % 2 == 1 ? 1 : 2; of < freedom; of += 2) {
    const double half = static_cast<double>(of) / 2;
    if (x > 0) tail += std::exp(half * std::log(x / 2) - x / 2 - std::lgamma(half + 1));
  }
  return std::min(1.0, tail);
}

}  // namespace

FriedmanTest Friedman(const std::vector<std::vector<double>>& cells) {
  const std::size_t tools = cells.front().size();
  const auto n = static_cast<double>(cells.size());
  const auto k = static_cast<double>(tools);
  FriedmanTest test;
  test.mean_ranks.assign(tools, 0);
  double squares = 0;
  for (const std::vector<double>& recalls : cells) {
    const std::vector<double> ranks = RanksOf(recalls);
    for (std::size_t j = 0; j < tools; ++j) {
      test.mean_ranks[j] += ranks[j] / n;
      squares += ranks[j] * ranks[j];
    }
  }
  double between = 0;
  for (const double rank : test.mean_ranks) between += std::pow(n * (rank - (k + 1) / 2), 2);
  const double within = squares - n * k * (k + 1) * (k + 1) / 4;
  if (tools < 2 || within <= 0) return test;  // all are equal everywhere
  test.chi_squared = (k - 1) * between / within;
  test.p = ChiSquaredTail(test.chi_squared, tools - 1);
  return test;
}

std::optional<double> CriticalDifference(std::size_t tools, std::size_t cells) {
  if (tools < 2 || tools >= std::size(kQuantiles) + 2 || cells == 0) return std::nullopt;
  const auto k = static_cast<double>(tools);
  return kQuantiles[tools - 2] * std::sqrt(k * (k + 1) / (6 * static_cast<double>(cells)));
}

}  // namespace watertight::bench
