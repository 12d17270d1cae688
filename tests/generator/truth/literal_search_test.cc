#include "generator/truth/literal_search.h"

#include <gmock/gmock.h>

#include <random>
#include <set>
#include <utility>

namespace watertight::generator {
namespace {

using Hits = std::multiset<std::pair<std::size_t, std::size_t>>;  // literal, offset

Hits Found(const std::vector<std::string>& literals, const std::string& text) {
  Hits hits;
  LiteralSearch(literals).Find(
      text, [&](std::size_t literal, std::size_t offset) { hits.emplace(literal, offset); });
  return hits;
}

// The same, one literal after the other.
Hits Expected(const std::vector<std::string>& literals, const std::string& text) {
  Hits hits;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (literals[i].empty()) continue;
    for (std::size_t at = text.find(literals[i]); at != text.npos;
         at = text.find(literals[i], at + 1)) {
      hits.emplace(i, at);
    }
  }
  return hits;
}

TEST(LiteralSearch, FindsAtTheEndsAndOverlapping) {
  EXPECT_EQ(Found({"abcabc", "c"}, "abcabcabc"), (Hits{{0, 0}, {0, 3}, {1, 2}, {1, 5}, {1, 8}}));
  EXPECT_EQ(Found({"abc"}, "ab"), Hits());
  EXPECT_EQ(Found({""}, "ab"), Hits());
  EXPECT_EQ(Found({}, "ab"), Hits());
  EXPECT_EQ(Found({"same-literal", "same-literal"}, "a same-literal"), (Hits{{0, 2}, {1, 2}}));
}

TEST(LiteralSearch, FindsWhatAPlainSearchFinds) {
  std::mt19937 random(5);
  for (const unsigned letters : {2U, 4U, 26U}) {
    const auto word = [&](std::size_t size) {
      std::string text(size, ' ');
      for (char& c : text) c = static_cast<char>('a' + random() % letters);
      return text;
    };
    for (int round = 0; round < 50; ++round) {
      std::string text = word(3000);
      std::vector<std::string> literals;
      for (const std::size_t size : {1, 2, 3, 5, 7, 8, 12, 19, 20, 30, 300}) {
        literals.push_back(word(size));
        literals.push_back(text.substr(random() % 2700, size));
      }
      ASSERT_EQ(Found(literals, text), Expected(literals, text));
    }
  }
}

TEST(LiteralSearch, TakesBytesOfAnyValue) {
  const std::string literal("\xff\0\xff\x80 \n\xff\0", 8);
  EXPECT_EQ(Found({literal}, "x" + literal), (Hits{{0, 1}}));
}

}  // namespace
}  // namespace watertight::generator
