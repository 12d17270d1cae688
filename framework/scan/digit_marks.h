// The runs of digits of base64 in a text that are long enough to encode something.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "framework/scan/byte_class.h"

namespace watertight {

constexpr std::size_t kLeastDigits = 24;

// Digits one after the other, of which none is escaped.
struct DigitRun {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// Marks the digits of the text part by part, as it is searched from its begin to its end.
class DigitMarks {
 public:
  explicit DigitMarks(std::string_view text) : text_(text) {}

  // The first run, of the digits from a place on, that has kLeastDigits or reaches to the end of
  // the text; an empty one at the end when there is none.
  DigitRun Next(std::size_t from);

 private:
  static constexpr std::size_t kBlock = ByteClass::kBlock;

  std::uint64_t WordOf(std::size_t block) {
    if (block - first_block_ >= blocks_) MarkFrom(block);
    return words_[block - first_block_];
  }
  void MarkFrom(std::size_t block);
  std::size_t EndFrom(std::size_t place);

  std::string_view text_;
  std::array<std::uint64_t, 32> words_{};
  std::size_t first_block_ = 0;
  std::size_t blocks_ = 0;  // those that have words
};

}  // namespace watertight
