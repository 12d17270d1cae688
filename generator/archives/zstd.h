// A zstd frame (RFC 8878) made by an encoder of our own, for the reason told in gzip.h: Huffman
// literals, sequences with the predefined tables, a checksum. It is smaller than it is clever.

#pragma once

#include "generator/archives/rope.h"

namespace watertight::generator {

Rope Zstd(const Rope& bytes);

}  // namespace watertight::generator
