// The Huffman tree of one alphabet of a deflate block, as gzip builds it: of symbols that occur
// equally often, the one whose subtree is lower goes first, and lengths above the greatest are
// shortened from the deepest leaves up. Any other choice costs as many bits, and has other bytes.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace watertight::generator::commands {

struct DeflateTree {
  std::vector<std::uint8_t> lengths;  // of every symbol of the alphabet; 0: does not occur
  std::size_t last = 0;               // the highest symbol that has a code
};

// Symbols that get a code although they do not occur, because every tree has two, count once in
// `counts` from then on, as in gzip's estimate of the size.
DeflateTree BuildDeflateTree(std::vector<std::uint32_t>& counts, unsigned longest);

// The codes of canonical lengths, their bits reversed for writing.
std::vector<std::uint32_t> DeflateCodes(std::span<const std::uint8_t> lengths);

}  // namespace watertight::generator::commands
