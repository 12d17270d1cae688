// Where a token begins and ends.

#pragma once

#include <cstddef>
#include <string_view>

#include "framework/scan/rules/rule.h"

namespace watertight {

// What stands from begin on does not go on a word.
bool BeginsApart(std::string_view text, std::size_t begin, Edge edge);
// Nor is it gone on behind it.
bool IsApart(std::string_view text, std::size_t begin, std::size_t size, Edge edge);

}  // namespace watertight
