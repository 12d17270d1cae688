#include "generator/archives/crc32.h"

#include <array>
#include <cstddef>

namespace watertight::generator {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

Tables MakeTables() {
  Tables tables{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    tables[0][i] = crc;
  }
  for (std::size_t i = 0; i < 256; ++i) {
    for (std::size_t t = 1; t < 8; ++t) {
      tables[t][i] = tables[0][tables[t - 1][i] & 0xff] ^ (tables[t - 1][i] >> 8);
    }
  }
  return tables;
}

// Eight bytes at once.
std::uint32_t Update8(const Tables& tables, std::uint32_t crc, const char* bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  return tables[7][(crc & 0xff) ^ byte(0)] ^ tables[6][(crc >> 8 & 0xff) ^ byte(1)] ^
         tables[5][(crc >> 16 & 0xff) ^ byte(2)] ^ tables[4][(crc >> 24) ^ byte(3)] ^
         tables[3][byte(4)] ^ tables[2][byte(5)] ^ tables[1][byte(6)] ^ tables[0][byte(7)];
}

}  // namespace

void RunningCrc32::Update(std::string_view bytes) {
  static const Tables tables = MakeTables();
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) crc_ = Update8(tables, crc_, bytes.data() + i);
  for (; i < bytes.size(); ++i) {
    crc_ = tables[0][(crc_ ^ static_cast<unsigned char>(bytes[i])) & 0xff] ^ (crc_ >> 8);
  }
}

std::uint32_t Crc32(std::string_view bytes) {
  RunningCrc32 crc;
  crc.Update(bytes);
  return crc.value();
}

}  // namespace watertight::generator
