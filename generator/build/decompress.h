// What is inside of a compressed file: the only use that the generator has of libarchive.
#pragma once

#include <string_view>

#include "generator/archives/rope.h"

namespace watertight::generator {

// Told by the first bytes.
enum class PackedAs { kPlain, kGzip, kBzip2, kXz, kZstd };
PackedAs PackingOf(const Rope& file);

struct Unpacked {
  Rope bytes;
  bool whole = true;  // else the file is damaged, and `bytes` are what came before
};
Unpacked Decompress(const Rope& file);

}  // namespace watertight::generator
