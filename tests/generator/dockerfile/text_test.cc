#include "generator/dockerfile/text.h"

#include <gmock/gmock.h>

#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/dockerfile/suggest.h"

namespace watertight::generator {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::Optional;

TEST(Text, DecodesInvalidBytesOneByOne) {
  EXPECT_EQ(Decode("a\xC3\xA9"), U"a\u00E9");
  EXPECT_EQ(Decode("\xC3(\xE2\x82"), U"\uFFFD(\uFFFD\uFFFD");
  EXPECT_EQ(Decode("\xED\xA0\x80"), U"\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(Decode("\xC0\x80"), U"\uFFFD\uFFFD");            // too long for NUL
  EXPECT_EQ(Encode(Decode("\xF0\x9F\x98\x80")), "\xF0\x9F\x98\x80");
}

TEST(Text, TrimsUnicodeSpace) {
  EXPECT_EQ(Trim("\xC2\xA0 a b\t\xE2\x80\xA8"), "a b");
  EXPECT_EQ(Trim("  "), "");
  EXPECT_EQ(Trim("\xC3\xA9"), "\xC3\xA9");
}

TEST(Text, QuotesAsGoDoes) {
  EXPECT_EQ(Quote("a\"b\\\n\t\x01\xC3\xA9"), "\"a\\\"b\\\\\\n\\t\\x01\xC3\xA9\"");
  EXPECT_EQ(Quote("\xC2\xA0\xFF"), "\"\\u00a0\\xff\"");
}

TEST(Text, SplitsAtRunsOfBlanks) {
  EXPECT_THAT(SplitAtBlanks("a \t b\vc"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(SplitInTwo("a  b c"), ElementsAre("a", "b c"));
}

TEST(Suggestion, IsAtMostTwoEditsAway) {
  const std::vector<std::string> options = {"chmod", "chown", "from"};
  EXPECT_EQ(Nearest("form", options), "from");
  EXPECT_EQ(Nearest("chmo", options), "chmod");
  EXPECT_EQ(Nearest("link", options), "");
  EXPECT_EQ(Nearest("from", options), "") << "the word itself is right";
}

TEST(Suggestion, HasTheCaseOfTheWord) {
  const std::vector<std::string> options = {"FROM"};
  EXPECT_EQ(NearestIgnoringCase("form", options), "from");
  EXPECT_EQ(NearestIgnoringCase("FORM", options), "FROM");
}

TEST(Numbers, ReadMemorySizesInPowersOf1024) {
  EXPECT_THAT(ParseMemorySize("64m"), Optional(Eq(64 << 20)));
  EXPECT_THAT(ParseMemorySize("1.5 GiB"), Optional(Eq(int64_t{3} << 29)));
  EXPECT_EQ(ParseMemorySize("1mm"), std::nullopt);
  EXPECT_EQ(ParseMemorySize("-1"), std::nullopt);
}

TEST(Paths, AreCleaned) {
  EXPECT_EQ(CleanPath("a//b/./../c/"), "a/c");
  EXPECT_EQ(CleanPath("/../a"), "/a");
  EXPECT_EQ(CleanPath("../a/../.."), "../..");
  EXPECT_EQ(CleanPath(""), ".");
}

}  // namespace
}  // namespace watertight::generator
