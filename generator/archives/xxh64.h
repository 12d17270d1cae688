// XXH64 with seed 0, whose low half ends a zstd frame.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace watertight::generator {

class Xxh64 {
 public:
  void Update(std::string_view bytes) {
    size_ += bytes.size();
    pending_ += bytes;
    std::size_t at = 0;
    for (; at + 32 <= pending_.size(); at += 32) {
      for (std::size_t lane = 0; lane < 4; ++lane) {
        lanes_[lane] = Round(lanes_[lane], Read(at + 8 * lane, 8));
      }
    }
    pending_.erase(0, at);
  }

  std::uint64_t Finish() const {
    std::uint64_t hash = lanes_[2] + kPrime5;  // seed + prime for short input
    if (size_ >= 32) {
      hash = Rotate(lanes_[0], 1) + Rotate(lanes_[1], 7) + Rotate(lanes_[2], 12) +
             Rotate(lanes_[3], 18);
      for (const std::uint64_t lane : lanes_) hash = (hash ^ Round(0, lane)) * kPrime1 + kPrime4;
    }
    hash += size_;
    std::size_t at = 0;
    for (; at + 8 <= pending_.size(); at += 8) {
      hash = Rotate(hash ^ Round(0, Read(at, 8)), 27) * kPrime1 + kPrime4;
    }
    if (at + 4 <= pending_.size()) {
      hash = Rotate(hash ^ (Read(at, 4) * kPrime1), 23) * kPrime2 + kPrime3;
      at += 4;
    }
    for (; at < pending_.size(); ++at) {
      hash = Rotate(hash ^ (Read(at, 1) * kPrime5), 11) * kPrime1;
    }
    hash = (hash ^ (hash >> 33)) * kPrime2;
    hash = (hash ^ (hash >> 29)) * kPrime3;
    return hash ^ (hash >> 32);
  }

 private:
  static constexpr std::uint64_t kPrime1 = 0x9e3779b185ebca87;
  static constexpr std::uint64_t kPrime2 = 0xc2b2ae3d27d4eb4f;
  static constexpr std::uint64_t kPrime3 = 0x165667b19e3779f9;
  static constexpr std::uint64_t kPrime4 = 0x85ebca77c2b2ae63;
  static constexpr std::uint64_t kPrime5 = 0x27d4eb2f165667c5;

  static std::uint64_t Rotate(std::uint64_t value, unsigned bits) {
    return value << bits | value >> (64 - bits);
  }
  static std::uint64_t Round(std::uint64_t lane, std::uint64_t word) {
    return Rotate(lane + word * kPrime2, 31) * kPrime1;
  }
  std::uint64_t Read(std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(pending_[at + i])) << (8 * i);
    }
    return value;
  }

  std::array<std::uint64_t, 4> lanes_ = {kPrime1 + kPrime2, kPrime2, 0, 0 - kPrime1};
  std::string pending_;
  std::uint64_t size_ = 0;
};

}  // namespace watertight::generator
