// Reads a tar as Go's archive/tar does: ustar, PAX and GNU.
//
// Layout of a header block (POSIX ustar, offsets): name 0, mode 100, uid 108, gid 116, size 124,
// mtime 136, checksum 148, type 156, linkname 157, magic 257, devmajor 329, devminor 337, prefix
// 345. GNU writes long names as the content of an entry of type L or K, large numbers in base 256.
#pragma once

#include <optional>

#include "generator/archives/rope.h"
#include "generator/build/untar.h"

namespace watertight::generator {

class TarReader {
 public:
  explicit TarReader(Rope tar) : tar_(std::move(tar)) {}

  // Nothing at the end. Throws: Error for what is no header, or ends early.
  std::optional<UnpackedEntry> Next();
  // Where the entry that was read last ends.
  std::uint64_t offset() const { return offset_; }

 private:
  std::optional<std::string> Block();
  Rope Content(std::uint64_t size);

  Rope tar_;
  std::uint64_t offset_ = 0;
};

}  // namespace watertight::generator
