// Bytes at rest: a file, a part of one, memory. Read by position, so that threads share one
// descriptor.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace watertight {

class MappedBytes;

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  virtual std::uint64_t size() const = 0;
  // Reads up to count bytes; fewer only at the end. Safe from several threads. Throws: Error, kIo.
  virtual std::size_t ReadAt(std::uint64_t offset, char* buffer, std::size_t count) const = 0;
  // The part [offset, offset + size), cut at the end, without a copy, for this thread alone. Null
  // where there is no such way; the source must outlive it. Throws: Error, kIo.
  virtual std::unique_ptr<MappedBytes> Map(std::uint64_t offset, std::uint64_t size) const;
};

using SharedBytes = std::shared_ptr<const ByteSource>;

// Owns the descriptor. name is for error messages.
SharedBytes OpenFileBytes(int descriptor, std::uint64_t size, std::string name);
SharedBytes MemoryBytes(std::string bytes);
SharedBytes MemoryBytes(std::shared_ptr<const std::string> bytes);
// The part [offset, offset + size) of bytes; cut where bytes end.
SharedBytes PartOf(SharedBytes bytes, std::uint64_t offset, std::uint64_t size);

// Throws: Error, kLimitExceeded when there are more than limit bytes.
std::string ReadAll(const ByteSource& bytes, std::uint64_t limit);

// Bytes in motion: what a decompressor gives.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  // Up to count bytes, at least one; 0 at the end. Throws: Error, kTruncated, kCorrupt, kIo.
  virtual std::size_t Read(char* buffer, std::size_t count) = 0;
};

// A position in bytes or in a stream that moves forward only.
class Reader {
 public:
  virtual ~Reader() = default;
  // The next bytes: `count` of them, fewer only at the end. Valid until the next call. Requires:
  // count <= kMaxPeek.
  virtual std::string_view Peek(std::size_t count) = 0;
  // Returns how many bytes were skipped: less than count only at the end.
  virtual std::uint64_t Skip(std::uint64_t count) = 0;
  std::uint64_t position() const { return position_; }

  static constexpr std::size_t kMaxPeek = std::size_t{256} << 10;

 protected:
  std::uint64_t position_ = 0;
};

// Skips cost nothing: for plain layers and archives, whose contents need not be read.
std::unique_ptr<Reader> SeekingReader(SharedBytes bytes);
std::unique_ptr<Reader> StreamingReader(std::unique_ptr<ByteStream> stream);

}  // namespace watertight
