#include "framework/image/pax_records.h"

#include <gtest/gtest.h>

#include <map>

namespace watertight {
namespace {

using Map = std::map<std::string, std::string>;

Map ParsedOf(std::string_view body) {
  PaxRecords records;
  EXPECT_TRUE(records.Parse(body));
  return Map(records.begin(), records.end());
}

TEST(PaxRecords, TrustsTheLengthAndNotTheNewline) {
  EXPECT_EQ(ParsedOf("9 k=a\n=b\n"), (Map{{"k", "a\n=b"}}));
}

TEST(PaxRecords, KeepsTheLastOfRepeatedKeysSorted) {
  EXPECT_EQ(ParsedOf("6 b=1\n6 a=2\n6 b=3\n6 b=4\n"), (Map{{"a", "2"}, {"b", "4"}}));
  PaxRecords records;
  ASSERT_TRUE(records.Parse("6 b=1\n6 a=2\n6 b=3\n"));
  EXPECT_EQ(records.end() - records.begin(), 2);
  EXPECT_EQ(*records.Find("b"), "3");
  EXPECT_EQ(records.Find("c"), nullptr);
}

TEST(PaxRecords, RefusesWhatIsNoRecord) {
  for (const char* body : {"x", "6 a=b", "7 a=b\n", "0 a=b\n", "5 a=\n6", "4 =b\n", "6 abc\n",
                           " 6 a=b\n", "99999999999999999999999 a=b\n", "-6 a=b\n"}) {
    PaxRecords records;
    EXPECT_FALSE(records.Parse(body)) << body;
  }
}

TEST(PaxRecords, EndsAtPadding) {
  PaxRecords records;
  EXPECT_TRUE(records.Parse(std::string_view("6 a=b\n\0\0\0", 9)));
}

// What is packed comes back to the letter, however odd.
TEST(PaxRecords, UnpacksWhatItPacked) {
  const PaxContext context{"a/name", "a-link", 1646642700};
  const PaxRecords records = {{"path", "a/name"},
                              {"linkpath", "a-link"},
                              {"mtime", "1646642700.123456789"},
                              {"atime", "1646642700.000000001"},
                              {"ctime", "0"},
                              {"t-negative", "-1.5"},
                              {"t-leading-zero", "01.5"},
                              {"t-no-digits", "1."},
                              {"t-trailing-zeros", "1646642700.100"},
                              {"t-long", "1.1234567890"},
                              {"t-far", "9223372036854775807.5"},
                              {"t-too-far", "9223372036854775808"},
                              {"empty", ""},
                              {"SCHILY.xattr.user.bin", std::string("a\0\n=b\x80", 6)},
                              {"long", std::string(70'000, 'x')}};
  PaxKeys keys;
  std::string packed;
  PackPax(records, context, &keys, &packed);
  EXPECT_EQ(UnpackPax(packed, context, keys), Map(records.begin(), records.end()));
}

TEST(PaxRecords, PacksTimesIntoFewBytes) {
  PaxKeys keys;
  std::string packed;
  PackPax({{"atime", "1646642701.123456789"}, {"ctime", "1646642700"}, {"mtime", "1646642700.5"}},
          {"name", "", 1646642700}, &keys, &packed);
  EXPECT_LE(packed.size(), 16U);
}

TEST(PaxRecords, PacksMoreKeysThanItRemembers) {
  PaxKeys keys;
  for (int i = 0; i < 300; ++i) {
    const std::string key = "key" + std::to_string(i);
    std::string packed;
    PackPax({{key, "value"}}, {}, &keys, &packed);
    EXPECT_EQ(UnpackPax(packed, {}, keys), (Map{{key, "value"}}));
  }
  EXPECT_LT(keys.size(), 256U);
}

}  // namespace
}  // namespace watertight
