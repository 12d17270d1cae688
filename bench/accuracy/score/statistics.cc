#include "bench/accuracy/score/statistics.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <numeric>

namespace watertight::bench {
namespace {

constexpr double kZ = 1.959963984540054;  // the normal distribution's quantile 0.975
constexpr int kResamples = 2000;
constexpr int kExactBelow = 25;

// SplitMix64 (Steele, Lea and Flood 2014): of our own, since standard distributions differ between
// libraries.
class Random {
 public:
  std::size_t Below(std::size_t bound) {
    state_ += 0x9e3779b97f4a7c15;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return static_cast<std::size_t>((z ^ (z >> 31)) % bound);
  }

 private:
  std::uint64_t state_ = 20261130;
};

// Between the two nearest values, as NumPy's default.
double Percentile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

// statistic: of the drawn parts, by number; nullopt when it has no value there.
std::optional<Interval> Resample(
    std::size_t parts,
    const std::function<std::optional<double>(const std::vector<std::size_t>&)>& statistic) {
  if (parts < 2) return std::nullopt;
  Random random;
  std::vector<std::size_t> drawn(parts);
  std::vector<double> values;
  for (int round = 0; round < kResamples; ++round) {
    for (std::size_t& part : drawn) part = random.Below(parts);
    if (const auto value = statistic(drawn)) values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  return Interval{Percentile(values, 0.025), Percentile(values, 0.975)};
}

std::optional<double> Pooled(const std::vector<Proportion>& parts,
                             const std::vector<std::size_t>& drawn) {
  Proportion sum;
  for (const std::size_t part : drawn) sum += parts[part];
  return sum.value();
}

std::vector<double> SharesOf(const std::vector<Proportion>& seeds) {
  std::vector<double> shares;
  for (const Proportion& seed : seeds) {
    if (seed.of > 0) shares.push_back(*seed.value());
  }
  return shares;
}

std::optional<Spread> Spreading(const std::vector<double>& values,
                                const std::function<std::optional<Interval>()>& bootstrap) {
  const auto seeds = static_cast<int>(values.size());
  if (seeds < 2) return std::nullopt;
  if (seeds >= kSeedsForInterval) {
    const auto interval = bootstrap();
    return interval ? std::optional(Spread{*interval, seeds, true}) : std::nullopt;
  }
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return Spread{{*low, *high}, seeds, false};
}

}  // namespace

std::optional<double> Proportion::value() const {
  if (of == 0) return std::nullopt;
  return static_cast<double>(hits) / of;
}

void Proportion::Count(bool hit) {
  ++of;
  if (hit) ++hits;
}

Proportion& Proportion::operator+=(const Proportion& other) {
  hits += other.hits;
  of += other.of;
  return *this;
}

std::optional<Interval> Wilson(const Proportion& proportion) {
  if (proportion.of == 0) return std::nullopt;
  const double n = proportion.distinct();
  const double share = *proportion.value();
  const double centre = (share + kZ * kZ / (2 * n)) / (1 + kZ * kZ / n);
  const double half =
      kZ / (1 + kZ * kZ / n) * std::sqrt(share * (1 - share) / n + kZ * kZ / (4 * n * n));
  return Interval{std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

std::optional<Interval> Bootstrap(const std::vector<Proportion>& parts) {
  return Resample(parts.size(),
                  [&parts](const std::vector<std::size_t>& drawn) { return Pooled(parts, drawn); });
}

std::optional<Interval> BootstrapDifference(const std::vector<Proportion>& a,
                                            const std::vector<Proportion>& b) {
  return Resample(a.size(), [&](const std::vector<std::size_t>& drawn) -> std::optional<double> {
    const auto first = Pooled(a, drawn);
    const auto second = Pooled(b, drawn);
    if (!first || !second) return std::nullopt;
    return *first - *second;
  });
}

std::optional<Spread> OverSeeds(const std::vector<Proportion>& seeds) {
  return Spreading(SharesOf(seeds), [&seeds] { return Bootstrap(seeds); });
}

std::optional<Spread> DifferenceOverSeeds(const std::vector<Proportion>& a,
                                          const std::vector<Proportion>& b) {
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].of > 0 && b[i].of > 0) differences.push_back(*a[i].value() - *b[i].value());
  }
  return Spreading(differences, [&] { return BootstrapDifference(a, b); });
}

McNemarTest McNemar(int b, int c) {
  const int discordant = b + c;
  if (discordant == 0) return {1, true};
  if (discordant >= kExactBelow) {
    const double difference = std::max(0, std::abs(b - c) - 1);
    const double chi_squared = difference * difference / discordant;
    return {std::erfc(std::sqrt(chi_squared / 2)), false};
  }
  double tail = 0;
  double term = std::pow(0.5, discordant);  // binomial(discordant, k) of a fair coin
  for (int k = 0; k <= std::min(b, c); ++k) {
    tail += term;
    term = term * (discordant - k) / (k + 1);
  }
  return {std::min(1.0, 2 * tail), true};
}

std::vector<double> Holm(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&p](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> corrected(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const double weighted = p[order[rank]] * static_cast<double>(p.size() - rank);
    largest = std::max(largest, std::min(1.0, weighted));
    corrected[order[rank]] = largest;
  }
  return corrected;
}

}  // namespace watertight::bench
