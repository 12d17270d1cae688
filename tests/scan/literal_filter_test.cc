// The oracle is std::string's own search.

#include "framework/scan/literal_filter.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/scan/value_set.h"

namespace watertight {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Hits = std::vector<std::pair<std::size_t, std::size_t>>;  // literal and begin

// As the filter needs it.
bool HasAvx512Vbmi() {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi") != 0;
#else
  return false;
#endif
}

std::string Small(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), SmallLetter);
  return text;
}

Hits Expected(const std::vector<Literal>& literals, const std::string& text) {
  const std::string small = Small(text);
  Hits hits;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    const std::string& from = literals[i].caseless ? small : text;
    for (std::size_t at = from.find(literals[i].bytes); at != std::string::npos;
         at = from.find(literals[i].bytes, at + 1)) {
      hits.emplace_back(i, at);
    }
  }
  return hits;
}

// By their ends, or else it fails; then sorted.
Hits Found(const std::vector<Literal>& literals, const std::string& text) {
  const auto filter = LiteralFilter::For(literals);
  if (filter == nullptr) return {{literals.size(), 0}};
  // Where nothing that may be read follows.
  const std::vector<char> exact(text.begin(), text.end());
  Hits hits;
  filter->Scan({exact.data(), exact.size()},
               [&](std::size_t literal, std::size_t begin) { hits.emplace_back(literal, begin); });
  const auto end = [&](const auto& hit) { return hit.second + literals[hit.first].bytes.size(); };
  EXPECT_TRUE(std::is_sorted(hits.begin(), hits.end(),
                             [&](const auto& a, const auto& b) { return end(a) < end(b); }));
  std::sort(hits.begin(), hits.end());
  return hits;
}

class LiteralFilterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!HasAvx512Vbmi()) GTEST_SKIP() << "this processor has no AVX-512 VBMI";
  }
};

std::string RandomText(std::mt19937* random, std::string_view alphabet, std::size_t size) {
  std::string text;
  while (text.size() < size) text += alphabet[(*random)() % alphabet.size()];
  return text;
}

// Few letters, so that literals occur, overlap, and share windows.
TEST_F(LiteralFilterTest, FindsEachOccurrenceOfSetsAndTextsOfAnySize) {
  const std::string_view alphabets[] = {
      "abAB", {"aB\0\xff\x80z", 6}, "zZ@[`{aA", "abcdefghijklmnopqrstuvwxyz"};
  std::mt19937 random(3);
  for (int round = 0; round < 400; ++round) {
    const std::string_view alphabet = alphabets[random() % std::size(alphabets)];
    std::vector<Literal> literals;
    const std::size_t count = 1 + random() % (round % 10 == 0 ? 700 : 40);
    for (std::size_t i = 0; i < count; ++i) {
      const bool caseless = random() % 4 == 0;
      std::string bytes = RandomText(&random, alphabet, 2 + random() % 11);
      if (caseless) bytes = Small(bytes);
      const bool known = std::any_of(literals.begin(), literals.end(), [&](const Literal& one) {
        return one.bytes == bytes && one.caseless == caseless;
      });
      if (!known) literals.push_back({bytes, caseless});
    }
    const std::string text =
        RandomText(&random, alphabet, random() % (round % 7 == 0 ? 9000 : 300));
    ASSERT_EQ(Found(literals, text), Expected(literals, text)) << "round " << round;
  }
}

// Every place in the registers, the parts and the rest.
TEST_F(LiteralFilterTest, FindsOneAtEveryPlace) {
  const std::vector<Literal> literals = {{"secret-value"}, {"ret"}, {"lu"}};
  for (std::size_t size : {12U, 64U, 67U, 68U, 131U, 200U, 2048U, 2115U, 2116U, 4200U}) {
    for (std::size_t at = 0; at + 12 <= size; ++at) {
      std::string text(size, '.');
      text.replace(at, 12, "secret-value");
      ASSERT_EQ(Found(literals, text), (Hits{{0, at}, {1, at + 3}, {2, at + 9}})) << at;
    }
  }
}

// The room in which the last bytes are looked at has zeros behind them.
TEST_F(LiteralFilterTest, TakesNothingBehindTheEndForPartOfTheText) {
  const std::vector<Literal> literals = {{std::string(3, '\0')}, {std::string(4, '\0')}};
  for (std::size_t size = 0; size < 300; ++size) {
    const std::string text = std::string(size, '.') + std::string(2, '\0');
    ASSERT_THAT(Found(literals, text), IsEmpty()) << size;
    ASSERT_THAT(Found(literals, text + '\0'), ElementsAre(std::pair(std::size_t{0}, size))) << size;
  }
}

std::vector<Literal> Many(std::size_t count) {
  std::vector<Literal> literals;
  std::mt19937 random(4);
  for (std::size_t i = 0; i < count; ++i) {
    literals.push_back({RandomText(&random, "abcdefghijklmnopqrstuvwxyz", 8) + std::to_string(i)});
  }
  return literals;
}

TEST_F(LiteralFilterTest, LeavesWhatItIsNotGoodAt) {
  EXPECT_EQ(LiteralFilter::For({}), nullptr);
  EXPECT_EQ(LiteralFilter::For({{"abcd"}, {"a"}}), nullptr);
  EXPECT_NE(LiteralFilter::For(Many(400)), nullptr);
  EXPECT_EQ(LiteralFilter::For(Many(401)), nullptr);
  std::vector<Literal> many = Many(2500 - 32);
  for (char c = 'a'; c < 'a' + 26; ++c) many.push_back({std::string{c, 'q'}});
  for (char c = 'a'; c < 'a' + 5; ++c) many.push_back({std::string{c, 'x'}});
  EXPECT_EQ(LiteralFilter::For(many), nullptr);
  many.push_back({"zx"});
  EXPECT_NE(LiteralFilter::For(many), nullptr);
  many.push_back({"yx"});
  EXPECT_EQ(LiteralFilter::For(many), nullptr);
  EXPECT_NE(LiteralFilter::For(ValueSet::OfBuiltInRules().literals().literals()), nullptr);
}

// Each would be compared wherever a text has what they share.
TEST_F(LiteralFilterTest, LeavesLiteralsThatAreTooMuchAlike) {
  const auto with = [](const std::string& common, int count) {
    std::vector<Literal> literals;
    for (int i = 0; i < count; ++i) literals.push_back({common + std::to_string(100 + i)});
    return literals;
  };
  EXPECT_NE(LiteralFilter::For(with("tok_", 50)), nullptr);  // windows with the digits
  EXPECT_EQ(LiteralFilter::For(with("a_long_common_", 200)), nullptr);
}

}  // namespace
}  // namespace watertight
