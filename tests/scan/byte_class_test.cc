#include "framework/scan/byte_class.h"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace watertight {
namespace {

constexpr std::string_view kMembers = {"aZ09_-/\0\x7f", 9};
constexpr ByteClass kClass =
    ByteClass::Where([](char c) { return kMembers.find(c) != std::string_view::npos; });

bool IsMember(char c) { return kMembers.find(c) != std::string_view::npos; }

// Those above ASCII are in no class, whichever of its characters they resemble.
TEST(ByteClass, HasItsMembersAlone) {
  for (int byte = 0; byte < 256; ++byte) {
    const auto c = static_cast<char>(byte);
    EXPECT_EQ(kClass.Has(c), IsMember(c)) << byte;
  }
}

// Whole blocks and a rest, which are looked at in different ways; as processors of each kind do.
TEST(ByteClass, MarksMembersInTextsOfAnySize) {
  constexpr std::size_t kBlock = ByteClass::kBlock;
  std::mt19937 random(5);
  for (std::size_t size = 0; size < 4 * kBlock; ++size) {
    std::string text;
    while (text.size() < size) {
      const bool member = random() % 2 == 0;
      text += member ? kMembers[random() % kMembers.size()] : static_cast<char>(random() % 256);
    }
    for (const std::size_t together : {1U, 32U, 64U}) {
      std::array<std::uint64_t, 5> words{};
      words.fill(42);
      kClass.Mark(text, words.data(), together);
      const std::size_t count = (size + kBlock - 1) / kBlock;
      for (std::size_t i = 0; i < count * kBlock; ++i) {
        const bool expected = i < size && IsMember(text[i]);
        ASSERT_EQ((words[i / kBlock] >> i % kBlock & 1) != 0, expected) << i << " of " << size;
      }
      ASSERT_EQ(words[count], 42U) << size;
    }
  }
}

}  // namespace
}  // namespace watertight
