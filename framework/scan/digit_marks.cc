#include "framework/scan/digit_marks.h"

#include <bit>

#include "framework/scan/digit_runs.h"

namespace watertight {
namespace {

constexpr ByteClass kDigits = ByteClass::Where([](char c) { return Base64Digit(c) >= 0; });

// The bits at which kLeastDigits bits begin that are set.
constexpr std::uint64_t BeginsOfRuns(std::uint64_t bits) {
  static_assert(kLeastDigits == 24);  // 2, 4, 8, 16 and 24
  for (const int more : {1, 2, 4, 8, 8}) bits &= bits >> more;
  return bits;
}

// The highest bits of the bytes whose bits are all set, and maybe of some behind them.
constexpr std::uint64_t FullBytes(std::uint64_t bits) {
  constexpr std::uint64_t kLowest = 0x0101010101010101;
  return (~bits - kLowest) & bits & kLowest << 7;
}

}  // namespace

// Two bytes of marks are full wherever a run is, one after the other; elsewhere they are seldom.
DigitRun DigitMarks::Next(std::size_t from) {
  constexpr std::size_t kMore = kLeastDigits - 1;
  std::uint64_t asked = ~std::uint64_t{0} << from % kBlock;
  std::uint64_t before = 0;  // the digits of the block before
  std::uint64_t full_before = 0;
  bool may_end = false;  // here what is in the block before
  for (std::size_t begin = from / kBlock * kBlock; begin < text_.size(); begin += kBlock) {
    const std::uint64_t digits = WordOf(begin / kBlock) & asked;
    const std::uint64_t full = FullBytes(digits);
    const bool may_begin = (full & (full << 8 | full_before >> 56)) != 0;
    asked = ~std::uint64_t{0};
    if (may_begin || may_end) {
      const std::uint64_t over = digits << kMore | before >> (kBlock - kMore);
      const std::uint64_t ends = BeginsOfRuns(digits) << kMore | BeginsOfRuns(over);
      if (ends != 0) {
        const std::size_t end = begin + static_cast<std::size_t>(std::countr_zero(ends)) + 1;
        return {end - kLeastDigits, EndFrom(end)};
      }
    }
    before = digits;
    full_before = full;
    may_end = may_begin;
  }
  std::size_t begin = text_.size();
  while (begin > from && Base64Digit(text_[begin - 1]) >= 0) --begin;
  return {begin, text_.size()};
}

// Of the digits from a place on.
std::size_t DigitMarks::EndFrom(std::size_t place) {
  while (place < text_.size()) {
    const std::uint64_t digits = WordOf(place / kBlock) >> place % kBlock;
    const auto more = static_cast<std::size_t>(std::countr_one(digits));
    place += more;
    if (more == 0 || place % kBlock != 0) break;
  }
  return place;
}

void DigitMarks::MarkFrom(std::size_t block) {
  const std::string_view part = text_.substr(block * kBlock, words_.size() * kBlock);
  kDigits.Mark(part, words_.data());
  first_block_ = block;
  blocks_ = (part.size() + kBlock - 1) / kBlock;
}

}  // namespace watertight
