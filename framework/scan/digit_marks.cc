#include "framework/scan/digit_marks.h"

#include <algorithm>
#include <bit>

#include "framework/scan/digit_runs.h"

namespace watertight {
namespace {

constexpr ByteClass kDigits = ByteClass::Where([](char c) { return Base64Digit(c) >= 0; });

std::size_t OnesFromLowest(std::uint64_t bits) {
  return static_cast<std::size_t>(std::countr_one(bits));
}

std::size_t OnesFromHighest(std::uint64_t bits) {
  return static_cast<std::size_t>(std::countl_one(bits));
}

// The bits at which kLeastDigits bits begin that are set.
std::uint64_t BeginsOfRuns(std::uint64_t bits) {
  static_assert(kLeastDigits == 24);  // 2, 4, 8, 16 and 24
  for (const int more : {1, 2, 4, 8, 8}) bits &= bits >> more;
  return bits;
}

}  // namespace

DigitRun DigitMarks::Next(std::size_t from) {
  std::size_t before = 0;  // digits that the block before ends with
  std::uint64_t asked = ~std::uint64_t{0} << from % kBlock;
  for (std::size_t begin = from / kBlock * kBlock; begin < text_.size(); begin += kBlock) {
    const std::uint64_t digits = WordOf(begin / kBlock) & asked;
    asked = ~std::uint64_t{0};
    if (before + OnesFromLowest(digits) >= kLeastDigits) {
      return {begin - before, EndFrom(begin)};
    }
    if (const std::uint64_t begins = BeginsOfRuns(digits); begins != 0) {
      const std::size_t at = begin + static_cast<std::size_t>(std::countr_zero(begins));
      return {at, EndFrom(at)};
    }
    const std::size_t size = std::min(kBlock, text_.size() - begin);
    const std::size_t last = OnesFromHighest(digits << (kBlock - size));
    before = last == size ? before + size : last;
  }
  return {text_.size() - before, text_.size()};
}

std::size_t DigitMarks::EndFrom(std::size_t begin) {
  std::size_t end = begin;
  while (end < text_.size()) {
    const std::size_t left = kBlock - end % kBlock;
    const std::size_t more = OnesFromLowest(WordOf(end / kBlock) >> end % kBlock);
    end += more;
    if (more < left) break;
  }
  return end;
}

std::uint64_t DigitMarks::WordOf(std::size_t block) {
  if (block - first_block_ >= blocks_) {
    const std::string_view part = text_.substr(block * kBlock, words_.size() * kBlock);
    kDigits.Mark(part, words_.data());
    first_block_ = block;
    blocks_ = (part.size() + kBlock - 1) / kBlock;
  }
  return words_[block - first_block_];
}

}  // namespace watertight
