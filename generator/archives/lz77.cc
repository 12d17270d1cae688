#include "generator/archives/lz77.h"

#include <algorithm>

namespace watertight::generator {
namespace {

constexpr std::size_t kMinimum = 4;  // a shorter copy is not worth its code
constexpr unsigned kHashBits = 15;

std::size_t HashOf(std::uint32_t word) { return (word * 2654435761u) >> (32 - kHashBits); }

}  // namespace

Lz77::Lz77(Lz77Limits limits) : limits_(limits), seen_(std::size_t{1} << kHashBits) {}

// The same on machines of either byte order.
std::uint32_t Lz77::Word(std::size_t at) const {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes_[at + i]));
  };
  return byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
}

std::size_t Lz77::MatchLength(std::size_t earlier, std::size_t at) const {
  const std::size_t most = std::min(limits_.max_length, bytes_.size() - at);
  std::size_t length = 0;
  while (length < most && bytes_[earlier + length] == bytes_[at + length]) ++length;
  return length;
}

void Lz77::Forget() {
  if (bytes_.size() <= limits_.window) return;
  const std::size_t gone = bytes_.size() - limits_.window;
  bytes_.erase(0, gone);
  start_ += gone;
}

std::vector<Sequence> Lz77::Next(std::string_view block) {
  Forget();
  std::size_t at = bytes_.size();
  bytes_ += block;
  std::vector<Sequence> sequences;
  std::size_t literals_from = at;
  while (at + kMinimum <= bytes_.size()) {
    std::uint64_t& seen = seen_[HashOf(Word(at))];
    const std::uint64_t candidate = seen;
    seen = start_ + at + 1;
    std::size_t length = 0;
    std::size_t distance = 0;
    if (candidate > start_) {
      const std::size_t earlier = candidate - 1 - start_;
      distance = at - earlier;
      if (distance <= limits_.window) length = MatchLength(earlier, at);
    }
    if (length < kMinimum) {
      // Where nothing repeats, look at fewer places.
      at += 1 + ((at - literals_from) >> 8);
      continue;
    }
    sequences.push_back({static_cast<std::uint32_t>(at - literals_from),
                         static_cast<std::uint32_t>(length), static_cast<std::uint32_t>(distance)});
    at += length;
    literals_from = at;
  }
  if (literals_from < bytes_.size()) {
    sequences.push_back({static_cast<std::uint32_t>(bytes_.size() - literals_from), 0, 0});
  }
  return sequences;
}

}  // namespace watertight::generator
