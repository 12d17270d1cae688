// Names of characters in HTML.

#pragma once

#include <cstdint>
#include <string_view>

namespace watertight {

// "eacute" of U+00E9; empty for what is none of Latin-1's upper half (HTML 4.01, 24.2.1).
std::string_view Latin1Entity(std::uint32_t code);

}  // namespace watertight
