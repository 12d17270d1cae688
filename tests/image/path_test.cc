#include "framework/image/path.h"

#include <gtest/gtest.h>

namespace watertight {
namespace {

TEST(CleanName, RemovesWhatNamesNothing) {
  EXPECT_EQ(CleanName("./a//b/./c/").path, "a/b/c");
  EXPECT_EQ(CleanName("/a").path, "a");
  EXPECT_EQ(CleanName("./").path, "");
  EXPECT_EQ(CleanName("a").path, "a");
  EXPECT_EQ(CleanName(".hidden/..x").path, ".hidden/..x");
}

TEST(CleanName, AppliesDotDotToTheNameItself) {
  EXPECT_EQ(CleanName("a/../d/.wh.in").path, "d/.wh.in");
  EXPECT_FALSE(CleanName("a/../d").escapes_root);
}

TEST(CleanName, KeepsEscapingNamesInsideTheRoot) {
  EXPECT_EQ(CleanName("../../x").path, "x");
  EXPECT_TRUE(CleanName("../../x").escapes_root);
}

TEST(Printable, EscapesWhatDrivesATerminal) {
  EXPECT_EQ(Printable("a\nb\x1b[31m"), "a\\nb\\x1b[31m");
  EXPECT_EQ(Printable("caf\xc3\xa9"), "caf\xc3\xa9");
  EXPECT_EQ(Printable("caf\xe9"), "caf\\xe9");
  EXPECT_EQ(Printable("\xe2\x80\xae"
                      "x"),
            "\\xe2\\x80\\xaex");
}

TEST(Utf8, ReplacesEachBrokenByte) {
  EXPECT_EQ(ToUtf8("a\xff"
                   "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_FALSE(IsUtf8("\xc0\x80"));
  EXPECT_FALSE(IsUtf8("\xed\xa0\x80"));
  EXPECT_TRUE(IsUtf8("\xf0\x9f\x92\xa7"));
}

}  // namespace
}  // namespace watertight
