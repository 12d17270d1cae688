// The tables in tests/scan/data, and images made of their lines.

#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "watertight/finding.h"
#include "watertight/leaks.h"

namespace watertight::testing {

// The lines of a file in tests/scan/data, without comments and empty lines. ␤ is a newline, ␠ a
// space, ⁙ five dashes.
std::vector<std::string> TableLines(const std::string& name);

// A text without its «marks», and the places that they held.
struct Marked {
  std::string text;
  std::vector<std::pair<std::size_t, std::size_t>> places;  // offset, length
};

Marked ReadMarks(const std::string& text);

std::string JsonString(const std::string& text);
// ["…","…"]
std::string JsonStrings(const std::vector<std::string>& texts);
// A configuration with one step for each text.
std::string HistoryJson(const std::vector<std::string>& created_by);

// "generic-secret SECRET «abc» at 3" for each finding of a field, for messages.
std::string Describe(const std::vector<Finding>& findings);

}  // namespace watertight::testing
