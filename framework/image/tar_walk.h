// Walks the headers of a tar: ustar, PAX, GNU and the older forms, without reading contents where
// the source can seek.
//
// The walk is our own because libarchive, which reads everything else here, takes a regular file
// whose name ends with a slash for a directory (the type byte decides, docs/whiteouts.md), and
// cannot skip at the speed of a plain header walk. tests/image/tar_walk_test.cc compares the two.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "framework/image/bytes.h"
#include "framework/image/tar_entry.h"

namespace watertight {

struct Limits;

class TarWalk {
 public:
  // Both must outlive the walk.
  TarWalk(Reader* reader, const Limits& limits) : reader_(reader), limits_(limits) {}

  // A first block with a fitting checksum, or the zeros of an empty tar.
  static bool LooksLikeTar(std::string_view block);

  // The next entry; the reader then stands at its content, which the caller may read in part or
  // whole. False at the end of the archive: two
  // zero blocks, one zero block before the end of the bytes, or the end of the bytes at a header's
  // place. Throws: Error, kTruncated, kCorrupt or kLimitExceeded, naming the byte.
  bool Next(TarEntry* entry);

  // After the end: skips the zeros that follow. True when another byte stands behind them.
  bool SkipZeros();

 private:
  struct Overrides;

  void SkipContent();
  bool ReadHeader(TarEntry* entry, const Overrides& overrides, char type, std::string_view block);
  void ReadBody(std::uint64_t size, std::uint64_t header_offset, const char* what);
  void TakeExtension(char type, std::uint64_t offset, TarEntry* entry, Overrides* overrides);
  void CheckSize(std::uint64_t size, std::uint64_t header_offset) const;
  void ReadSparseSize(TarEntry* entry, std::string_view block) const;
  void ReadSparseMap(std::string_view block, const TarEntry& entry, std::uint64_t header_offset);

  Reader* reader_;
  const Limits& limits_;
  // Positions in the reader.
  std::uint64_t content_begin_ = 0;
  std::uint64_t content_end_ = 0;
  std::uint64_t next_header_ = 0;  // content_end_ and padding
  std::string body_;               // of the last extension header
  PaxRecords global_pax_;
};

}  // namespace watertight
