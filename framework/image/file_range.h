// Where bytes stand on disk.

#pragma once

#include <cstdint>
#include <optional>

#include "framework/image/bytes.h"

namespace watertight {

// Which bytes of which file, as the file system tells it: the same answer at two times means the
// same bytes.
struct FileRange {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t file_size = 0;
  std::int64_t modified = 0;  // mtime and ctime, in nanoseconds since 1970
  std::int64_t changed = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  friend bool operator==(const FileRange&, const FileRange&) = default;
};

// Bytes that may stand in a file.
class FileBacked {
 public:
  virtual ~FileBacked() = default;
  // Nothing for a file that has no name any more. Throws: Error, kIo.
  virtual std::optional<FileRange> Range() const = 0;
};

// Nothing for bytes that stand in no file. Throws: Error, kIo.
inline std::optional<FileRange> RangeOf(const ByteSource& bytes) {
  const auto* const backed = dynamic_cast<const FileBacked*>(&bytes);
  return backed == nullptr ? std::nullopt : backed->Range();
}

}  // namespace watertight
