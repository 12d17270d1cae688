#include "framework/scan/digit_marks.h"

#include <bit>
#include <utility>

#include "framework/scan/digit_runs.h"

namespace watertight {
namespace {

constexpr ByteClass kDigits = ByteClass::Where([](char c) { return Base64Digit(c) >= 0; });

// Tells word by word where kLeastDigits bits that are set end.
class EndsOfRuns {
 public:
  std::uint64_t In(std::uint64_t bits) {
    for (std::size_t i = 0; i < kMore.size(); ++i) {
      const std::uint64_t earlier = bits << kMore[i] | before_[i] >> (64 - kMore[i]);
      before_[i] = std::exchange(bits, bits & earlier);
    }
    return bits;
  }

 private:
  static constexpr std::array<std::size_t, 5> kMore = {1, 2, 4, 8, 8};  // bits, after the first
  static_assert(kLeastDigits == 24);

  std::array<std::uint64_t, kMore.size()> before_{};  // the last word's, of 1, 2, 4, 8, 16 bits
};

}  // namespace

DigitRun DigitMarks::Next(std::size_t from) {
  EndsOfRuns ends;
  std::uint64_t asked = ~std::uint64_t{0} << from % kBlock;
  for (std::size_t begin = from / kBlock * kBlock; begin < text_.size(); begin += kBlock) {
    const std::uint64_t found = ends.In(WordOf(begin / kBlock) & asked);
    asked = ~std::uint64_t{0};
    if (found == 0) continue;
    const std::size_t end = begin + static_cast<std::size_t>(std::countr_zero(found)) + 1;
    return {end - kLeastDigits, EndFrom(end)};
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
