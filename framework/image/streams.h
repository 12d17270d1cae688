// Streams made of streams: for archives inside of archives, which are read once and in order.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "framework/image/bytes.h"

namespace watertight {

// Bytes as they are stored; each piece passes through sink, which may be null.
std::unique_ptr<ByteStream> StoredStream(SharedBytes bytes,
                                         std::function<void(std::string_view)> sink = nullptr);

// Every byte that `stream` gives passes through sink first. stream must outlive it. After an error
// it throws the same again.
std::unique_ptr<ByteStream> TeeStream(ByteStream* stream,
                                      std::function<void(std::string_view)> sink);

// The next size bytes of a reader, which must outlive it; fewer when the reader ends. What is not
// read stays in the reader.
std::unique_ptr<ByteStream> PartStream(Reader* reader, std::uint64_t size);

constexpr std::uint64_t kUnknownSize = std::uint64_t{1} << 62;

// A reader as bytes at rest, for who reads its begin and then all of it, once and in order. size
// may be kUnknownSize. ReadAt throws kUnsupported when it is read in another order.
SharedBytes OrderedBytes(Reader* reader, std::uint64_t size);

}  // namespace watertight
