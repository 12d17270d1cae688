// What a tar header says, before any meaning is given to its name.

#pragma once

#include <cstdint>
#include <string>

#include "framework/image/pax_records.h"

namespace watertight {

struct TarEntry {
  std::string name = {};  // as stored, PAX and GNU long names applied
  std::string link = {};
  std::string uname = {};
  std::string gname = {};
  char type = '0';         // the type byte; '\0' is given as '0', sparse types as '0'
  std::uint16_t mode = 0;  // masked with 07777
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::int64_t mtime = 0;
  std::uint32_t mtime_nanoseconds = 0;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::uint64_t size = 0;         // of the content; of a sparse file, expanded
  std::uint64_t stored_size = 0;  // bytes between this header and the next, without padding
  // Multiples of 512: where the first header of the entry stands, and its content.
  std::uint64_t header_offset = 0;
  std::uint64_t content_offset = 0;
  bool sparse = false;
  PaxRecords pax = {};  // every record, global ones included, as stored
};

}  // namespace watertight
