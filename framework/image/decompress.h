// Compressed bytes, recognised by their first bytes, never by a name or media type.

#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

#include "framework/image/bytes.h"
#include "watertight/image.h"
#include "watertight/layer.h"

namespace watertight {

Compression DetectCompression(const ByteSource& bytes);
// head: the first bytes, ten or as many as there are.
Compression DetectCompression(std::string_view head);

// Stored bytes that a decompressor takes.
struct StoredPiece {
  std::string_view bytes;
  // Who has it may look at the bytes after the call too; null where nobody may.
  std::shared_ptr<const char[]> owner = nullptr;
};

// Called with each piece of the stored bytes, in order, as the decompressor takes them.
using StoredSink = std::function<void(const StoredPiece& piece)>;

// Uncompressed bytes of `bytes`, of any compression, kNone included. Concatenated gzip members and
// zstd frames are one stream; zeros after the last gzip member are padding, anything else there is
// an error, as it is to the engines. The stream throws kLimitExceeded when it expands beyond
// limits, or when zstd needs a window of more than 128 MiB. Every stored byte passes through sink,
// which may be null, by the time that the stream has ended.
std::unique_ptr<ByteStream> Decompress(SharedBytes bytes, const Limits& limits,
                                       StoredSink sink = nullptr);

// LZMA alone, the format of .lzma files, which has no magic: its first 13 bytes are what xz would
// write, and the first byte of the data is zero (lzma-file-format.txt).
bool BeginsLzma(std::string_view head);
std::unique_ptr<ByteStream> LzmaStream(SharedBytes bytes, const Limits& limits);

// A reader over the uncompressed bytes that seeks where nothing is compressed.
std::unique_ptr<Reader> UncompressedReader(SharedBytes bytes, const Limits& limits,
                                           StoredSink sink = nullptr);

}  // namespace watertight
