// How an entry is kept in memory: a layer may hold a million of them, and the index of an image
// must stay near 200 bytes each.
//
//   EntryRecord  32 bytes
//   path         its bytes, then a slash when kTrailingSlash says so
//   extra        only when kHasExtra says so: a byte of ExtraField bits, then the fields of those
//                that are set, in the order of the bits
//
// A tree of PAX headers with times adds some 20 bytes to an entry.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "framework/image/arena.h"
#include "watertight/entry.h"

namespace watertight {

namespace internal {

enum EntryFlag : std::uint8_t {
  kTrailingSlash = 1,  // stored_name() is path() and a slash
  kNamesNothing = 2,   // a whiteout without a real name: ".wh.", ".wh..", ".wh..."
  kEscapesRoot = 4,    // its name has a ".." too many
  kHasExtra = 8,
};

}  // namespace internal

// What few entries have.
struct EntryExtra {
  std::string_view link;
  std::string_view stored_name;  // without data() when it follows from the path
  std::string_view pax;          // packed (pax_records.h)
  std::uint32_t mtime_nanoseconds = 0;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::uint64_t stored_size = 0;
  bool sparse = false;
  std::uint64_t header_blocks = 1;  // from the first header of the entry to its content
};

// A record in the arena; sets the members of `fixed` that speak of what follows it.
const internal::EntryRecord* MakeRecord(internal::EntryRecord fixed, std::string_view path,
                                        const EntryExtra& extra, Arena* arena);
EntryExtra ExtraOf(const internal::EntryRecord& record);

}  // namespace watertight
