#include "generator/credentials/words.h"

#include <gtest/gtest.h>

namespace watertight::generator::credentials {
namespace {

TEST(Words, TextIsKnown) {
  for (const char* text :
       {"example", "EXAMPLE", "sample",    "dummy",       "changeme",    "password",    "Secret",
        "token",   "admin",   "localhost", "placeholder", "a8template9", "development", "github",
        "docker",  "html",    "json",      "aaa",         "x000y",       "12345",       "fedcba",
        "abcdef",  "qwerty",  "insert",    "replace",     "staging"}) {
    EXPECT_TRUE(ReadsLikeText(text)) << text;
  }
}

TEST(Words, NoiseIsNot) {
  for (const char* text : {"", "x", "aab", "9fK2xQ7v", "b7c1d9", "1357", "Zq8Xk3"}) {
    EXPECT_FALSE(ReadsLikeText(text)) << text;
  }
}

TEST(Words, EntropyIsInBitsForEachCharacter) {
  EXPECT_DOUBLE_EQ(Entropy("aaaa"), 0);
  EXPECT_DOUBLE_EQ(Entropy("abab"), 1);
  EXPECT_DOUBLE_EQ(Entropy("0123456789abcdef"), 4);
}

}  // namespace
}  // namespace watertight::generator::credentials
