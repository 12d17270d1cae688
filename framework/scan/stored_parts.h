// The parts of a compressed layer that no decompressor gives back: the optional fields of a gzip
// header, and zstd's skippable frames.

#pragma once

#include <cstdint>
#include <vector>

#include "framework/image/bytes.h"

namespace watertight {

struct StoredPart {
  std::uint64_t begin = 0;  // in the bytes as they are stored
  std::uint64_t size = 0;
};

// In their order. uncompressed: the size of all members together. Where bytes are damaged, those
// before the damage; a decompressor tells of it. Throws: Error, kIo.
std::vector<StoredPart> StoredParts(const ByteSource& bytes, std::uint64_t uncompressed);

}  // namespace watertight
