// The literals section of a zstd block (RFC 8878 §3.1.1.3.1).

#pragma once

#include <string>
#include <string_view>

namespace watertight::generator {

// Header and content: raw, one repeated byte, or Huffman codes, whichever is smallest.
std::string ZstdLiterals(std::string_view literals);

// A little-endian number of `size` bytes.
std::string LittleEndian(unsigned long long value, std::size_t size);

}  // namespace watertight::generator
