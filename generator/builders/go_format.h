// Values as Go's fmt prints them: histories show durations and numbers of HEALTHCHECK so.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

// "1m30s", "1.5s", "0s"
std::string GoDuration(std::chrono::nanoseconds duration);

// A number as a character in single quotes, as %q takes it: 3 is '\x03', 65 is 'A'.
std::string QuoteRune(int value);

// ["a" "b"], as %q prints strings.
std::string QuotedList(const std::vector<std::string>& words);

// [a b], as %v prints them.
std::string Listed(const std::vector<std::string>& words);

}  // namespace watertight::generator
