#include "generator/archives/rope.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "generator/error.h"
#include "tests/support/command.h"

namespace watertight::generator {
namespace {

using testing::TemporaryFolder;
using testing::WriteFile;

// "0123456789" in two pieces.
Rope LazyDigits() {
  Rope rope;
  rope.AppendLazy(10, [](const Rope::Take& take) {
    take("01234");
    take("56789");
  });
  return rope;
}

TEST(Rope, ReadsLazyBytesWhenTheyAreAskedFor) {
  int calls = 0;
  Rope rope("<");
  rope.AppendLazy(3, [&calls](const Rope::Take& take) {
    ++calls;
    take("abc");
  });
  rope.Append(">");
  EXPECT_EQ(rope.size(), 5U);
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(rope.ToString(), "<abc>");
  EXPECT_EQ(rope.ToString(), "<abc>");
  EXPECT_EQ(calls, 2);
}

TEST(Rope, RefusesLazyBytesThatAreTooFew) {
  Rope rope;
  rope.AppendLazy(4, [](const Rope::Take& take) { take("abc"); });
  EXPECT_THROW(rope.ToString(), Error);
}

TEST(Rope, PartsAreRangesOfTheWhole) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("f"), "--file--");
  Rope rope(std::string("memory"));
  rope.AppendFile(folder.Path("f"), 2, 4);
  rope.Append(LazyDigits());
  Spool spool;
  spool.Append("spooled");
  rope.Append(spool.Take());
  const std::string whole = "memoryfile0123456789spooled";
  ASSERT_EQ(rope.ToString(), whole);
  for (std::size_t from = 0; from <= whole.size(); ++from) {
    for (std::size_t length = 0; from + length <= whole.size() + 1; ++length) {
      const Rope part = rope.Part(from, length);
      EXPECT_EQ(part.ToString(), whole.substr(from, length)) << from << " " << length;
      EXPECT_EQ(part.size(), part.ToString().size());
      EXPECT_EQ(part.Part(0, 3).ToString(), whole.substr(from, std::min<std::size_t>(length, 3)));
    }
  }
}

TEST(Rope, PartsDoNotChangeTheWhole) {
  const Rope whole(std::string("abcdef"));
  Rope part = whole.Part(0, 3);
  part.Append("xyz");
  EXPECT_EQ(part.ToString(), "abcxyz");
  EXPECT_EQ(whole.ToString(), "abcdef");
}

}  // namespace
}  // namespace watertight::generator
