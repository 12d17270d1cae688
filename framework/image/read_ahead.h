// A compressed stream that a thread of its own undoes, ahead of the one that reads it.

#pragma once

#include <memory>

#include "framework/image/bytes.h"
#include "framework/image/decompress.h"

namespace watertight {

// As Decompress, and with the same errors, after the bytes before them. `sink` sees the stored
// bytes in the thread that reads, each piece before what came of it. threads as in OpenOptions;
// with 1, or when the system gives no thread, nothing runs ahead.
std::unique_ptr<ByteStream> DecompressAhead(SharedBytes bytes, const Limits& limits,
                                            StoredSink sink, unsigned threads);

}  // namespace watertight
