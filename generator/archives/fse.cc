#include "generator/archives/fse.h"

#include <algorithm>
#include <numeric>

namespace watertight::generator {
namespace {

unsigned HighBit(std::uint32_t value) {
  unsigned bit = 31;
  while ((value >> bit) == 0) --bit;
  return bit;
}

// Which symbol each state of the table has.
std::vector<std::size_t> SpreadSymbols(const FseCounts& counts, std::size_t size) {
  std::vector<std::size_t> symbols(size);
  std::size_t last_free = size - 1;
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] == -1) symbols[last_free--] = s;
  }
  const std::size_t step = (size >> 1) + (size >> 3) + 3;
  std::size_t at = 0;
  for (std::size_t s = 0; s < counts.size(); ++s) {
    for (int i = 0; i < counts[s]; ++i) {
      symbols[at] = s;
      do {
        at = (at + step) & (size - 1);
      } while (at > last_free);
    }
  }
  return symbols;
}

// The delta may be negative, the sum is not.
std::size_t StateIndex(std::uint32_t share, std::int32_t delta) {
  return static_cast<std::size_t>(std::int64_t{share} + delta);
}

}  // namespace

FseTable::FseTable(const FseCounts& counts, unsigned log)
    : log_(log), states_(std::size_t{1} << log), transforms_(counts.size()) {
  const std::size_t size = states_.size();
  std::vector<std::size_t> begin(counts.size() + 1);
  for (std::size_t s = 0; s < counts.size(); ++s) {
    begin[s + 1] = begin[s] + static_cast<std::size_t>(counts[s] == -1 ? 1 : counts[s]);
  }
  std::vector<std::size_t> next = begin;
  const std::vector<std::size_t> symbols = SpreadSymbols(counts, size);
  for (std::size_t u = 0; u < size; ++u) {
    states_[next[symbols[u]]++] = static_cast<std::uint16_t>(size + u);
  }
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] == 0) continue;
    const auto share = static_cast<std::uint32_t>(counts[s] == -1 ? 1 : counts[s]);
    const unsigned most_bits = share == 1 ? log : log - HighBit(share - 1);
    transforms_[s].bits_delta = (most_bits << 16) - (share << most_bits);
    transforms_[s].state_delta =
        static_cast<std::int32_t>(begin[s]) - static_cast<std::int32_t>(share);
  }
}

std::uint32_t FseTable::First(std::size_t symbol) const {
  const Transform& transform = transforms_[symbol];
  const std::uint32_t bits = (transform.bits_delta + (1u << 15)) >> 16;
  const std::uint32_t value = (bits << 16) - transform.bits_delta;
  return states_[StateIndex(value >> bits, transform.state_delta)];
}

std::uint32_t FseTable::Next(BitWriter& out, std::uint32_t state, std::size_t symbol) const {
  const Transform& transform = transforms_[symbol];
  const std::uint32_t bits = (state + transform.bits_delta) >> 16;
  out.Put(state & ((1u << bits) - 1), bits);
  return states_[StateIndex(state >> bits, transform.state_delta)];
}

void FseTable::Flush(BitWriter& out, std::uint32_t state) const {
  out.Put(state & ((1u << log_) - 1), log_);
}

FseCounts ShareStates(const std::vector<std::uint32_t>& frequencies, unsigned log) {
  const std::uint64_t total =
      std::accumulate(frequencies.begin(), frequencies.end(), std::uint64_t{0});
  const int size = 1 << log;
  FseCounts counts(frequencies.size());
  int shared = 0;
  for (std::size_t s = 0; s < frequencies.size(); ++s) {
    if (frequencies[s] == 0) continue;
    const auto share = static_cast<int>((std::uint64_t{frequencies[s]} << log) / total);
    counts[s] = static_cast<std::int16_t>(std::max(share, 1));
    shared += counts[s];
  }
  // What rounding left over or took too much is settled with the symbols that have most.
  while (shared != size) {
    const auto most = std::max_element(counts.begin(), counts.end());
    const int change = shared < size ? size - shared : -1;
    *most = static_cast<std::int16_t>(*most + change);
    shared += change;
  }
  return counts;
}

std::string FseDescription(const FseCounts& counts, unsigned log) {
  BitWriter out;
  out.Put(log - 5, 4);
  int remaining = (1 << log) + 1;  // one more than the states that are left
  unsigned bits = log + 1;
  int threshold = 1 << log;
  for (std::size_t s = 0; s < counts.size() && remaining > 1;) {
    const int count = counts[s++];
    const int largest_short = 2 * threshold - 1 - remaining;  // values below it take a bit less
    remaining -= count < 0 ? 1 : count;
    int value = count + 1;
    if (value >= threshold) value += largest_short;
    out.Put(static_cast<std::uint64_t>(value), value < largest_short ? bits - 1 : bits);
    while (remaining < threshold && threshold > 1) {
      --bits;
      threshold >>= 1;
    }
    if (count != 0 || remaining <= 1) continue;
    // After a zero: how many more zeros follow, three at a time.
    std::size_t zeros = 0;
    while (s + zeros < counts.size() && counts[s + zeros] == 0) ++zeros;
    s += zeros;
    for (; zeros >= 3; zeros -= 3) out.Put(3, 2);
    out.Put(zeros, 2);
  }
  out.AlignToByte();
  return out.bytes();
}

}  // namespace watertight::generator
