#include "framework/scan/digit_marks.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

#include "framework/scan/digit_runs.h"

namespace watertight {
namespace {

// Byte by byte.
DigitRun FirstRun(std::string_view text, std::size_t from) {
  for (std::size_t begin = from; begin < text.size(); ++begin) {
    std::size_t end = begin;
    while (end < text.size() && Base64Digit(text[end]) >= 0) ++end;
    if (end == text.size() || end - begin >= kLeastDigits) return {begin, end};
    begin = end;
  }
  return {text.size(), text.size()};
}

// Runs about as long as the least, and some over many blocks.
std::string RandomText(std::mt19937* random) {
  std::string text;
  for (std::size_t size = (*random)() % 6000; text.size() < size;) {
    const std::size_t longest = (*random)() % 60 == 0 ? 3000 : kLeastDigits + 3;
    text += std::string((*random)() % longest, "aZ0+/-_"[(*random)() % 7]);
    if ((*random)() % 20 == 0) text += std::string((*random)() % 200, ' ');
    if ((*random)() % 5 != 0) text += "\0.=\xe1"[(*random)() % 4];
  }
  return text;
}

TEST(DigitMarks, TellTheRunsThatAByteByByteSearchFinds) {
  std::mt19937 random(1);
  std::size_t runs = 0;
  for (int round = 0; round < 500; ++round) {
    const std::string text = RandomText(&random);
    DigitMarks marks(text);
    for (std::size_t from = 0; from < text.size(); ++runs) {
      const DigitRun run = marks.Next(from);
      const DigitRun expected = FirstRun(text, from);
      ASSERT_EQ(run.begin, expected.begin) << from << " in " << text;
      ASSERT_EQ(run.end, expected.end) << from << " in " << text;
      // Within the run, at its end, or behind it.
      from = random() % 4 == 0 ? run.begin + 1 : run.end + random() % 3;
    }
  }
  EXPECT_GT(runs, 5'000U);
}

TEST(DigitMarks, SeeARunAtEachPlaceOfABlock) {
  for (std::size_t begin = 0; begin < 200; ++begin) {
    for (const std::size_t size : {kLeastDigits - 1, kLeastDigits, std::size_t{64}}) {
      const std::string text = std::string(begin, ' ') + std::string(size, 'a') + " ";
      const DigitRun run = DigitMarks(text).Next(0);
      const bool found = size >= kLeastDigits;
      ASSERT_EQ(run.begin, found ? begin : text.size()) << size;
      ASSERT_EQ(run.end, found ? begin + size : text.size()) << size;
    }
  }
}

}  // namespace
}  // namespace watertight
