#include "generator/builders/go_format.h"

#include <gtest/gtest.h>

namespace watertight::generator {
namespace {

using std::chrono::nanoseconds;

// Printed by Go's fmt.
TEST(GoDuration, HasTheUnitsThatItNeeds) {
  EXPECT_EQ(GoDuration(nanoseconds(0)), "0s");
  EXPECT_EQ(GoDuration(nanoseconds(1)), "1ns");
  EXPECT_EQ(GoDuration(nanoseconds(1100)), "1.1µs");
  EXPECT_EQ(GoDuration(nanoseconds(2'200'000)), "2.2ms");
  EXPECT_EQ(GoDuration(nanoseconds(3'300'000'000)), "3.3s");
  EXPECT_EQ(GoDuration(nanoseconds(245'000'000'000)), "4m5s");
  EXPECT_EQ(GoDuration(nanoseconds(245'001'000'000)), "4m5.001s");
  EXPECT_EQ(GoDuration(nanoseconds(18'367'001'000'000)), "5h6m7.001s");
  EXPECT_EQ(GoDuration(nanoseconds(3'600'000'000'000)), "1h0m0s");
  EXPECT_EQ(GoDuration(nanoseconds(480'000'000'001)), "8m0.000000001s");
  EXPECT_EQ(GoDuration(nanoseconds(-90'000'000'000)), "-1m30s");
  EXPECT_EQ(GoDuration(nanoseconds::max()), "2562047h47m16.854775807s");
  EXPECT_EQ(GoDuration(nanoseconds::min()), "-2562047h47m16.854775808s");
}

TEST(QuoteRune, TakesANumberAsACharacter) {
  EXPECT_EQ(QuoteRune(0), R"('\x00')");
  EXPECT_EQ(QuoteRune(3), R"('\x03')");
  EXPECT_EQ(QuoteRune(10), R"('\n')");
  EXPECT_EQ(QuoteRune(34), R"('"')");
  EXPECT_EQ(QuoteRune(39), R"('\'')");
  EXPECT_EQ(QuoteRune(65), "'A'");
  EXPECT_EQ(QuoteRune(92), R"('\\')");
  EXPECT_EQ(QuoteRune(127), R"('\x7f')");
  EXPECT_EQ(QuoteRune(128), R"('\u0080')");
  EXPECT_EQ(QuoteRune(233), "'é'");
  EXPECT_EQ(QuoteRune(0xD800), "'\uFFFD'");
  EXPECT_EQ(QuoteRune(200000), "'\U00030d40'");
  EXPECT_EQ(QuoteRune(1 << 24), "'\uFFFD'");
  EXPECT_EQ(QuoteRune(-1), "'\uFFFD'");
}

}  // namespace
}  // namespace watertight::generator
