// Code lengths of an optimal prefix code whose codes have a greatest length.

#pragma once

#include <cstdint>
#include <vector>

namespace watertight::generator {

// One length for each symbol, 0 for symbols that do not occur. A single symbol gets length 1;
// with more, the code is complete. Requires: symbols that occur <= 2^longest.
std::vector<std::uint8_t> CodeLengths(const std::vector<std::uint32_t>& frequencies,
                                      unsigned longest);

}  // namespace watertight::generator
