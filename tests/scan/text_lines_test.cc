#include "framework/scan/text_lines.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace watertight {
namespace {

TEST(TextLines, CountsLineEndsInTextsOfAnySize) {
  const std::string ends(1000, '\n');
  const std::string none(1000, '\x8a');  // but for the highest bit, a line end
  for (std::size_t size = 0; size <= ends.size(); ++size) {
    EXPECT_EQ(CountLineEnds(std::string_view(ends).substr(0, size)), size);
    EXPECT_EQ(CountLineEnds(std::string_view(none).substr(0, size)), 0U);
  }
}

TEST(TextLines, CountsALineEndAtAnyPlace) {
  for (std::size_t at = 0; at < 300; ++at) {
    std::string text(300, 'x');
    text[at] = '\n';
    EXPECT_EQ(CountLineEnds(text), 1U) << at;
  }
}

}  // namespace
}  // namespace watertight
