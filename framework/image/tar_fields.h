// The fields of a tar header block, and the records of a PAX header.
//
//   offset  bytes  field
//        0    100  name
//      100      8  mode          octal text, or base-256 when the first bit is set
//      108      8  uid
//      116      8  gid
//      124     12  size
//      136     12  mtime
//      148      8  checksum      sum of all bytes, this field as spaces
//      156      1  type
//      157    100  link name
//      257      6  magic         "ustar\0", GNU "ustar "
//      265     32  uname
//      297     32  gname
//      329      8  device major
//      337      8  device minor
//      345    155  prefix        ustar only; GNU keeps times and the sparse map here
//
// Source: POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format".

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace watertight {

constexpr std::size_t kTarBlock = 512;

bool IsZeroBlock(std::string_view block);
// Both the unsigned sum and the signed sum of old tars are accepted.
bool ChecksumFits(std::string_view block);
// Text up to the first NUL.
std::string_view TarText(std::string_view block, std::size_t offset, std::size_t size);
// Octal text of any padding, or base-256; empty is 0. nullopt: neither, or beyond 64 bits.
std::optional<std::int64_t> TarNumber(std::string_view block, std::size_t offset, std::size_t size);

struct PaxTime {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
};
// "-1.5" is two seconds before 1970 and half a second after that.
std::optional<PaxTime> ParsePaxTime(std::string_view text);
std::optional<std::uint64_t> ParseDecimal(std::string_view text);

}  // namespace watertight
