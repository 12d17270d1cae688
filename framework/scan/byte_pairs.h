// Where in a text a byte of a few stands before one that may follow it, as bits: 64 at once where
// the processor has AVX-512 with VBMI.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "framework/scan/byte_class.h"

namespace watertight {

// A character of ASCII, and those that may stand behind it.
struct BytePair {
  char first;
  std::string_view next;
};

class BytePairs {
 public:
  static constexpr std::size_t kMost = 8;

  // Of up to kMost firsts.
  template <std::size_t kCount>
  explicit constexpr BytePairs(const BytePair (&pairs)[kCount])
      : firsts_(ByteClass::Where([&pairs](char c) {
          for (const BytePair& pair : pairs) {
            if (pair.first == c) return true;
          }
          return false;
        })) {
    static_assert(kCount <= kMost);
    for (std::size_t i = 0; i < kCount; ++i) {
      const auto bit = static_cast<std::uint8_t>(1U << i);
      first_[Index(pairs[i].first)] = bit;
      for (const char next : pairs[i].next) {
        next_[Index(next)] = static_cast<std::uint8_t>(next_[Index(next)] | bit);
      }
    }
  }

  constexpr bool Has(char first, char next) const {
    return Index(first) < kBytes && Index(next) < kBytes &&
           (first_[Index(first)] & next_[Index(next)]) != 0;
  }

  // Like ByteClass::Mark, with a bit for each byte but the last, which has none behind it.
  void Mark(std::string_view text, std::uint64_t* words,
            std::size_t together = ByteClass::kBlock) const;

 private:
  static constexpr std::size_t kBytes = 128;

  static constexpr std::size_t Index(char c) { return static_cast<unsigned char>(c); }

  // A bit for each pair, by the bytes.
  alignas(64) std::array<std::uint8_t, kBytes> first_ = {};
  alignas(64) std::array<std::uint8_t, kBytes> next_ = {};
  ByteClass firsts_;
};

}  // namespace watertight
