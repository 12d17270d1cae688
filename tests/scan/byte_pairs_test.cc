#include "framework/scan/byte_pairs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

namespace watertight {
namespace {

constexpr BytePair kSome[] = {{'%', "01"}, {'a', "a%\n"}, {'\0', {"\0\x7f", 2}}, {'~', ""}};
constexpr BytePairs kPairs(kSome);

bool IsPair(char first, char next) {
  return std::any_of(std::begin(kSome), std::end(kSome), [=](const BytePair& pair) {
    return pair.first == first && pair.next.find(next) != std::string_view::npos;
  });
}

TEST(BytePairs, HasItsPairsAlone) {
  for (int first = 0; first < 256; ++first) {
    for (int next = 0; next < 256; ++next) {
      const auto a = static_cast<char>(first);
      const auto b = static_cast<char>(next);
      ASSERT_EQ(kPairs.Has(a, b), IsPair(a, b)) << first << ' ' << next;
    }
  }
}

// The byte behind a block tells of its last one; the text's last byte has none.
TEST(BytePairs, MarksPairsInTextsOfAnySize) {
  constexpr std::size_t kBlock = ByteClass::kBlock;
  constexpr std::string_view kLikely("%01a\n~\0\x7f\x80\xa5\xb0\xe1", 12);
  std::mt19937 random(5);
  for (std::size_t size = 0; size < 4 * kBlock; ++size) {
    std::string text;
    while (text.size() < size) text += kLikely[random() % kLikely.size()];
    for (const std::size_t together : {1U, 32U, 64U}) {
      std::array<std::uint64_t, 5> words{};
      words.fill(42);
      kPairs.Mark(text, words.data(), together);
      const std::size_t pairs = std::max<std::size_t>(size, 1) - 1;
      const std::size_t count = (pairs + kBlock - 1) / kBlock;
      for (std::size_t i = 0; i < count * kBlock; ++i) {
        const bool expected = i < pairs && IsPair(text[i], text[i + 1]);
        ASSERT_EQ((words[i / kBlock] >> i % kBlock & 1) != 0, expected) << i << " of " << size;
      }
      ASSERT_EQ(words[count], 42U) << size;
    }
  }
}

}  // namespace
}  // namespace watertight
