// Regular expressions as package regexp of Go reads them, for files of container-structure-test.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/structure_tests/structure_tests.h"

namespace watertight::cli {

enum class PatternVerdict : std::uint8_t { kMatches, kDiffers, kNoPattern };

// text: as GoText gives it.
PatternVerdict Try(const std::string& pattern, std::string_view text);

// Bytes as a pattern sees them: each that is no UTF-8 is U+FFFD, so that "." matches it.
std::string GoText(std::string bytes);

// What of two lists does not hold for a text, each as a line: "lacks ^a$", "holds b",
// "tests.yaml:7:9: ( is no pattern". Never a part of the text.
std::vector<std::string> Mismatches(const std::string& file, const std::string& text,
                                    const std::vector<TestPattern>& expected,
                                    const std::vector<TestPattern>& excluded);

}  // namespace watertight::cli
