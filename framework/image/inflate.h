// Deflate streams that stand in the middle of other bytes: members of a zip, git's objects.

#pragma once

#include <cstdint>
#include <memory>

#include "framework/image/bytes.h"

namespace watertight {

enum class InflateFormat : std::uint8_t {
  kRaw,   // RFC 1951
  kZlib,  // RFC 1950
};

// The reader, which must outlive it, stands behind the stream when that has ended. Throws from
// Read: Error, kTruncated, kCorrupt.
std::unique_ptr<ByteStream> InflateStream(Reader* reader, InflateFormat format);

}  // namespace watertight
