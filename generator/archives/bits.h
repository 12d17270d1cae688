// Writes bits into bytes, the least significant first, as deflate and zstd pack them.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace watertight::generator {

class BitWriter {
 public:
  // Requires: value < 2^count, count <= 32.
  void Put(std::uint64_t value, unsigned count) {
    pending_ |= value << used_;
    used_ += count;
    while (used_ >= 8) {
      bytes_ += static_cast<char>(pending_ & 0xff);
      pending_ >>= 8;
      used_ -= 8;
    }
  }

  void AlignToByte() {
    if (used_ > 0) Put(0, 8 - used_);
  }

  // Requires: aligned.
  void Append(std::string_view bytes) { bytes_ += bytes; }

  std::string& bytes() { return bytes_; }

 private:
  std::string bytes_;
  std::uint64_t pending_ = 0;
  unsigned used_ = 0;
};

}  // namespace watertight::generator
