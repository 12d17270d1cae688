// Which part of a spelling to search for: one that is rare in images.

#pragma once

#include <cstddef>
#include <string_view>

namespace watertight {

// Anchors stand among so many first units, so that little has to be kept behind them.
constexpr std::size_t kAnchorUnits = 64;

// Letters, digits and "-._~", which every escaping leaves as they are.
bool IsUnescaped(char c);

// Whether it consists of repetitions of a few bytes: a text of these holds it everywhere.
bool Repeats(std::string_view part);

// The begin of the rarest part of that size, among the first kAnchorUnits bytes; of equally rare
// ones the first. Prefers unescaped characters. Requires: 0 < size <= text.size().
std::size_t RarestPart(std::string_view text, std::size_t size);

}  // namespace watertight
