#include "generator/archives/huffman.h"

#include <algorithm>

namespace watertight::generator {
namespace {

// A coin of Larmore and Hirschberg's package-merge: a symbol, or a pair of coins of the list
// before.
struct Coin {
  std::uint64_t weight = 0;
  int symbol = -1;
};

// The `count` cheapest coins of list `level` are taken: every symbol among them gets a bit more.
void Take(const std::vector<std::vector<Coin>>& lists, std::size_t level, std::size_t count,
          std::vector<std::uint8_t>& lengths) {
  for (;; --level) {
    std::size_t pairs = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Coin& coin = lists[level][i];
      if (coin.symbol >= 0) {
        ++lengths[static_cast<std::size_t>(coin.symbol)];
      } else {
        ++pairs;
      }
    }
    // Pairs are taken in their order, so their coins are the cheapest of the list before.
    count = 2 * pairs;
    if (level == 0 || count == 0) return;
  }
}

}  // namespace

std::vector<std::uint8_t> CodeLengths(const std::vector<std::uint32_t>& frequencies,
                                      unsigned longest) {
  std::vector<Coin> symbols;
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    if (frequencies[i] > 0) symbols.push_back({frequencies[i], static_cast<int>(i)});
  }
  std::vector<std::uint8_t> lengths(frequencies.size());
  if (symbols.empty()) return lengths;
  if (symbols.size() == 1) {
    lengths[static_cast<std::size_t>(symbols.front().symbol)] = 1;
    return lengths;
  }
  const auto cheaper = [](const Coin& a, const Coin& b) { return a.weight < b.weight; };
  std::stable_sort(symbols.begin(), symbols.end(), cheaper);
  std::vector<std::vector<Coin>> lists = {symbols};
  while (lists.size() < longest) {
    const std::vector<Coin>& before = lists.back();
    std::vector<Coin> pairs;
    for (std::size_t i = 0; i + 1 < before.size(); i += 2) {
      pairs.push_back({before[i].weight + before[i + 1].weight, -1});
    }
    std::vector<Coin> merged(symbols.size() + pairs.size());
    std::merge(symbols.begin(), symbols.end(), pairs.begin(), pairs.end(), merged.begin(), cheaper);
    lists.push_back(std::move(merged));
  }
  Take(lists, lists.size() - 1, 2 * symbols.size() - 2, lengths);
  return lengths;
}

}  // namespace watertight::generator
