// The checksum of gzip, zip, xz and PNG, and of many credentials: CRC-32 of IEEE 802.3, reflected,
// initial value and final XOR all ones.

#pragma once

#include <cstdint>
#include <string_view>

namespace watertight::generator {

// Of bytes that come in parts.
class RunningCrc32 {
 public:
  void Update(std::string_view bytes);
  std::uint32_t value() const { return ~crc_; }

 private:
  std::uint32_t crc_ = 0xffffffff;
};

std::uint32_t Crc32(std::string_view bytes);

}  // namespace watertight::generator
