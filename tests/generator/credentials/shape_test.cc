#include "generator/credentials/shape.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "generator/credentials/words.h"
#include "generator/error.h"

namespace watertight::generator::credentials {
namespace {

using testing::MatchesRegex;

std::string Drawn(const char* shape, Flaw flaw = Flaw::kNone) {
  Drbg random("seed", "kind", "name");
  return DrawToken(ParseShape(shape), random, flaw);
}

TEST(Shape, HasLiteralsDrawnPartsAndChecks) {
  EXPECT_THAT(Drawn("ab_[hex:6]-[{xy}:2][upper:4-5]"),
              MatchesRegex("ab_[0-9a-f]{6}-[xy]{2}[A-Z]{4,5}"));
  EXPECT_THAT(Drawn("n_[b62:30][=github-classic]"), MatchesRegex("n_[0-9A-Za-z]{36}"));
}

TEST(Shape, MistakesAreErrors) {
  for (const char* shape : {"[b62:3", "[b63:3]", "[b62:x]", "[=crc-of-nobody]", "[b62]"}) {
    EXPECT_THROW(ParseShape(shape), Error) << shape;
  }
}

TEST(Shape, AFlawChangesOneThing) {
  const char* const shape = "n_[b62:30][=github-classic]";
  const std::string right = Drawn(shape);
  const std::string check = Drawn(shape, Flaw::kCheck);
  EXPECT_EQ(check.substr(0, check.size() - 1), right.substr(0, right.size() - 1));
  EXPECT_NE(check.back(), right.back());

  const std::string length = Drawn(shape, Flaw::kLength);
  EXPECT_EQ(length.size() + 1, right.size());
  const std::string body = length.substr(2, 29);
  EXPECT_EQ(length.substr(31), Crc32InBase62(body));

  const std::string alphabet = Drawn(shape, Flaw::kAlphabet);
  EXPECT_EQ(alphabet.size(), right.size());
  EXPECT_EQ(std::count(alphabet.begin(), alphabet.end(), '-'), 1);
  EXPECT_EQ(alphabet.substr(32), Crc32InBase62(alphabet.substr(2, 30)));
}

// Words and runs that scanners drop, whatever the library's own idea of a word.
bool HoldsFilteredText(std::string text) {
  constexpr std::array kFiltered = {"example", "sample", "test",  "demo",   "dummy", "fake",
                                    "abcde",   "00000",  "aaaa",  "xxxxxx", "admin", "token",
                                    "secret",  "pass",   "local", "user",   "name",  "data",
                                    "java",    "node",   "file",  "null",   "true",  "json"};
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::any_of(kFiltered.begin(), kFiltered.end(),
                     [&text](const char* word) { return text.find(word) != text.npos; });
}

TEST(Shape, TenThousandDrawsHoldNothingThatScannersDrop) {
  struct Row {
    const char* shape;
    double least;  // what the strictest of the scanners asks for
  };
  for (const Row& row : {Row{"[b62:30]", 4.0}, Row{"[b64:40]", 4.0}, Row{"[hex:32]", 3.5},
                         Row{"[b64u:93]", 4.0}, Row{"[letters:34]", 4.0}, Row{"[b32:15]", 3.0}}) {
    const std::vector<ShapePart> shape = ParseShape(row.shape);
    Drbg random("seed", row.shape, "many");
    for (int i = 0; i < 10000; ++i) {
      const std::string value = DrawToken(shape, random);
      ASSERT_FALSE(HoldsFilteredText(value)) << row.shape;
      ASSERT_GE(Entropy(value), row.least) << row.shape;
      ASSERT_TRUE(std::isalnum(static_cast<unsigned char>(value.front()))) << row.shape;
      ASSERT_TRUE(std::isalnum(static_cast<unsigned char>(value.back()))) << row.shape;
    }
  }
}

}  // namespace
}  // namespace watertight::generator::credentials
