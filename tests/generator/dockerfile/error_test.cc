#include "generator/error.h"

#include <gtest/gtest.h>

namespace watertight::generator {
namespace {

TEST(GeneratorError, NamesPathAndLine) {
  EXPECT_STREQ(Error("no").At(3).In("a/Dockerfile").what(), "a/Dockerfile:3: no");
  EXPECT_STREQ(Error("no").In("Dockerfile").what(), "Dockerfile: no");
  EXPECT_STREQ(Error("no").At(3).what(), "line 3: no");
  EXPECT_STREQ(Error("no").what(), "no");
}

TEST(GeneratorError, KeepsTheFirstLineAndPath) {
  const Error error = Error("no").At(3).In("inner").At(7).In("outer");
  EXPECT_EQ(error.line(), 3);
  EXPECT_EQ(error.path(), "inner");
}

TEST(GeneratorError, IsASingleLine) {
  EXPECT_STREQ(Error("a\nb\tc\x1b[0m").In("x\ny").what(), "x\\ny: a\\nb\\tc\\x1b[0m");
}

}  // namespace
}  // namespace watertight::generator
