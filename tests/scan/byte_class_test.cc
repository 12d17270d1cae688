#include "framework/scan/byte_class.h"

#include <gtest/gtest.h>

#include <array>
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

TEST(ByteClass, MarksMembersInBlocks) {
  std::mt19937 random(5);
  std::string text;
  for (std::size_t i = 0; i < 7 * ByteClass::kBlock; ++i) {
    const bool member = random() % 2 == 0;
    text += member ? kMembers[random() % kMembers.size()] : static_cast<char>(random() % 256);
  }
  std::array<std::uint64_t, 8> words{};
  words.back() = 42;
  kClass.Mark(text, words.data());
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_EQ((words[i / 64] >> i % 64 & 1) != 0, IsMember(text[i])) << i;
  }
  EXPECT_EQ(words.back(), 42U);
}

}  // namespace
}  // namespace watertight
