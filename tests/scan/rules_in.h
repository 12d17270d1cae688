// What the built-in rules find in one text, and values for such texts, which no file holds.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::testing {

// "rule" of each finding that would fail a check, "rule (warning)" of others, as they come. The
// text comes in pieces of that size.
std::vector<std::string> RulesIn(const std::string& text, std::size_t piece = 4096);

// One of them would fail a check.
bool Fails(const std::string& text);

// The text with its marks replaced by values that look made by chance:
//   {b62:30} {b64:40} {b64u:20} {b36:..} {b32:..} {hex:..} {HEX:..} {dec:..} {let:..}  characters
//   {ghp} {npm} {fine} {glsa} {ATBB}                                   tokens with their checksums
// The same text gives the same values.
std::string Filled(std::string_view text);

}  // namespace watertight::testing
