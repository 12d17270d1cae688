// Numbers and texts one after the other, taken apart without trust in them.

#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "framework/image/varint.h"
#include "watertight/error.h"

namespace watertight {

// Of what PutVarint and PutText wrote. Each throws Error, kCorrupt, where the bytes are others.
class Unpacker {
 public:
  explicit Unpacker(std::string_view packed) : rest_(packed) {}

  bool done() const { return rest_.empty(); }

  template <typename T = std::uint64_t>
  T Number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      if (rest_.empty() || shift > 63) throw Damaged();
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) break;
    }
    if (value > std::uint64_t{std::numeric_limits<T>::max()}) throw Damaged();
    return static_cast<T>(value);
  }

  std::int64_t Signed() { return UnZigZag(Number()); }

  std::string Text() {
    const auto size = Number<std::size_t>();
    if (size > rest_.size()) throw Damaged();
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }

  // How many things follow, of a byte each at least.
  std::size_t Count() {
    const auto count = Number<std::size_t>();
    if (count > rest_.size()) throw Damaged();
    return count;
  }

  static Error Damaged() { return Error(ErrorCode::kCorrupt, "is damaged"); }

 private:
  std::string_view rest_;
};

}  // namespace watertight
