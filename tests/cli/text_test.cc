#include "cli/text.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace watertight::cli {
namespace {

std::string JsonString(std::string_view bytes) {
  std::string text;
  AppendJsonString(bytes, &text);
  return text;
}

std::string Minute(std::int64_t seconds) {
  std::string text;
  AppendMinute(seconds, &text);
  return text;
}

TEST(JsonText, SaysWhatALibraryReadsBack) {
  for (int first = 0; first < 0x80; ++first) {
    for (const char second : {'a', '"', '\\', '\n', '\0'}) {
      const std::string bytes = {static_cast<char>(first), second, 'z'};
      EXPECT_EQ(nlohmann::json::parse(JsonString(bytes)).get<std::string>(), bytes) << first;
      EXPECT_EQ(JsonString(bytes), nlohmann::json(bytes).dump()) << first;
    }
  }
}

TEST(JsonText, KeepsUtf8OfEveryLength) {
  for (const std::string text : {"\u00e9", "\u20ac", "\U0001f512", "a\u00e9b\u20acc", "\u202e"}) {
    EXPECT_EQ(JsonString(text), nlohmann::json(text).dump());
  }
}

TEST(JsonText, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(JsonString("caf\xe9"), "\"caf\xef\xbf\xbd\"");
  EXPECT_EQ(JsonString("\xc0\xaf/"), "\"\xef\xbf\xbd\xef\xbf\xbd/\"");
  EXPECT_EQ(JsonString("\xff\"\n"), "\"\xef\xbf\xbd\\\"\\n\"");
}

// RFC 4648, section 10.
TEST(Base64, MeetsTheTestVectors) {
  EXPECT_EQ(Base64(""), "");
  EXPECT_EQ(Base64("f"), "Zg==");
  EXPECT_EQ(Base64("fo"), "Zm8=");
  EXPECT_EQ(Base64("foo"), "Zm9v");
  EXPECT_EQ(Base64("foob"), "Zm9vYg==");
  EXPECT_EQ(Base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(Base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(Base64("\xff\xfe\xfd"), "//79");
}

TEST(HumanSize, IsDecimalWithOneDigit) {
  EXPECT_EQ(HumanSize(0), "0 B");
  EXPECT_EQ(HumanSize(999), "999 B");
  EXPECT_EQ(HumanSize(1000), "1.0 kB");
  EXPECT_EQ(HumanSize(2560), "2.6 kB");
  EXPECT_EQ(HumanSize(999'949), "999.9 kB");
  EXPECT_EQ(HumanSize(999'950), "1.0 MB");
  EXPECT_EQ(HumanSize(118'400'000), "118.4 MB");
  EXPECT_EQ(HumanSize(~std::uint64_t{0}), "18.4 EB");
}

TEST(Minute, IsInUtcOrAPlainNumber) {
  EXPECT_EQ(Minute(0), "1970-01-01 00:00");
  EXPECT_EQ(Minute(-1), "1969-12-31 23:59");
  EXPECT_EQ(Minute(1646642700), "2022-03-07 08:45");
  EXPECT_EQ(Minute(9'999'999'999), "2286-11-20 17:46");
  EXPECT_EQ(Minute(std::int64_t{1} << 62), "@4611686018427387904");
}

TEST(ShortTime, KeepsWhatIsNoTime) {
  EXPECT_EQ(ShortTime("2022-03-07T08:51:09.123456789Z"), "2022-03-07 08:51 UTC");
  EXPECT_EQ(ShortTime("2022-03-07T08:51:09Z"), "2022-03-07 08:51 UTC");
  EXPECT_EQ(ShortTime("2022-03-07T08:51:09+02:00"), "2022-03-07T08:51:09+02:00");
  EXPECT_EQ(ShortTime("yesterday\x1b"), "yesterday\\x1b");
}

TEST(Cut, CountsCharacters) {
  EXPECT_EQ(Cut("abcdef", 6), "abcdef");
  EXPECT_EQ(Cut("abcdef", 5), "abcd…");
  EXPECT_EQ(Cut("äöüäöü", 4), "äöü…");
  EXPECT_EQ(Cut("abcdef", 0), "abcdef");
  EXPECT_EQ(PadLeft("ä", 3), "  ä");
  EXPECT_EQ(PadRight("ä", 3), "ä  ");
}

TEST(Thousands, AreSeparated) {
  EXPECT_EQ(Thousands(0), "0");
  EXPECT_EQ(Thousands(999), "999");
  EXPECT_EQ(Thousands(4203), "4,203");
  EXPECT_EQ(Thousands(1234567), "1,234,567");
}

}  // namespace
}  // namespace watertight::cli
