// Whether a match can hold a literal: by hand, and by what RE2 matches.

#include "framework/scan/rules/pattern_holds.h"

#include <gtest/gtest.h>
#include <re2/re2.h>

#include <random>
#include <string>
#include <vector>

namespace watertight {
namespace {

TEST(PatternHolds, WhatItsStepsLeadTo) {
  struct Row {
    const char* pattern;
    const char* literal;
    bool holds;
  };
  for (const Row& row : std::vector<Row>{{"acme_[0-9]{4}", "acme_", true},
                                         {"acme_[0-9]{4}", "cme_12", true},
                                         {"acme_[0-9]{4}", "bcme_", false},
                                         {"acme_[0-9]{4}", "1acme", false},
                                         {"acme_[0-9]{4}", "ACME", false},
                                         {"(?i)acme_[0-9]{4}", "aCmE_9", true},
                                         {"(?i:ac)me", "ACme", true},
                                         {"(?i:ac)me", "ACME", false},
                                         {"a(?i)b|c", "C", true},
                                         {"(?:foo|bar)-x", "bar-x", true},
                                         {"(?:foo|bar)-x", "foo-bar", false},
                                         {"(?:foo|bar)*-x", "barfoo-", true},
                                         {"(?P<k>ab)+", "ababab", true},
                                         {"\\bk\\.acme$", "k.acme", true},
                                         {"k.acme", "k-acme", true},
                                         {"k\\.acme", "k-acme", false},
                                         {"\\w{3}:\\d+", "_z9:0", true},
                                         {"\\w{3}:\\d+", ":a", false},
                                         {"[^\\s]{3,}", "a b", false},
                                         {"[^\\s\"]{3,}", "a'b", true},
                                         {"[[:alpha:]]+", "abc", true},
                                         {"[^[:alpha:]]+", "abc", true},  // not known
                                         {"[]a-c^-]+", "]b^-", true},
                                         {"[]a-c^-]+", "d", false},
                                         {"\\Qa.b\\E+", "a.bb", true},
                                         {"\\Qa.b\\E", "axb", false},
                                         {"\\x41\\x{42}C", "ABC", true},
                                         {"a{,2}", "{,2}", true},
                                         {"a{2,3}b{2}", "{", false},
                                         {"\\0123", "3", true},
                                         {"schl\xc3\xbcssel", "\xc3\xbc", true}}) {
    EXPECT_EQ(MayHold(row.pattern, row.literal), row.holds) << row.pattern << " " << row.literal;
  }
  EXPECT_FALSE(MayHold(".+", std::string("a\0b", 3))) << "no match holds a NUL";
}

std::string RandomPattern(std::mt19937* random, int depth) {
  const std::vector<std::string> ones = {
      "a",    "b",     "c",       "-",    ".",     "\\d",         "\\W",      "[ab]",
      "[^a]", "[a-]",  "[^\\w]",  "[]b]", "\\x62", "\\061",       "\\Qa-\\E", "^",
      "\\b",  "(?i)B", "[^-b-d]", "\\.",  "{",     "[[:digit:]c]"};
  const std::vector<std::string> behind = {"", "", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "+?"};
  std::string pattern;
  const std::size_t count = 1 + (*random)() % 4;
  for (std::size_t i = 0; i < count; ++i) {
    const bool group = depth > 0 && (*random)() % 4 == 0;
    pattern +=
        group ? "(?:" + RandomPattern(random, depth - 1) + ")" : ones[(*random)() % ones.size()];
    pattern += behind[(*random)() % behind.size()];
    if ((*random)() % 6 == 0) pattern += "|";
  }
  return pattern;
}

// What RE2 matches is held, and so is each part of it.
TEST(PatternHolds, EveryPartOfAMatch) {
  constexpr std::string_view kLetters = "aabbcBA-.1\n{";
  std::mt19937 random(7);
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  std::size_t matches = 0;
  std::size_t refused = 0;
  for (int round = 0; round < 4000; ++round) {
    const std::string pattern = RandomPattern(&random, 2);
    const re2::RE2 compiled(pattern, options);
    if (!compiled.ok()) continue;
    for (int i = 0; i < 20; ++i) {
      std::string text;
      const std::size_t size = 1 + random() % 6;
      while (text.size() < size) text += kLetters[random() % kLetters.size()];
      refused += MayHold(pattern, text) ? 0U : 1U;
      if (!re2::RE2::FullMatch(text, compiled)) continue;
      ++matches;
      for (std::size_t from = 0; from < size; ++from) {
        const std::string part = text.substr(from, 1 + random() % size);
        ASSERT_TRUE(MayHold(pattern, part)) << pattern << " matches " << text;
      }
    }
  }
  EXPECT_GT(matches, 3'000U);
  EXPECT_GT(refused, 10'000U);
}

}  // namespace
}  // namespace watertight
