// The only door to libarchive: xz, lzma and bzip2 streams, and the contents of sparse tar entries.

#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "framework/image/bytes.h"
#include "framework/image/stored_input.h"

namespace watertight {

// A stream that libarchive's filters decompress: "xz", "bzip2", or "lzma", LZMA alone.
std::unique_ptr<ByteStream> LibarchiveStream(StoredInput input, const std::string& name);

// The content of the first entry of a tar that begins at reader's position, holes filled with
// zeros. The reader must outlive the stream.
std::unique_ptr<ByteStream> SparseStream(Reader* reader);
// The same in pieces of at most 1 MiB.
void ReadSparseContent(Reader* reader, const std::function<void(std::string_view)>& sink);

}  // namespace watertight
