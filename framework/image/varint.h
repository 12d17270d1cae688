// Numbers of few bytes: seven bits in each, the last one without the high bit.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace watertight {

inline void PutVarint(std::uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) *out += static_cast<char>(value | 0x80);
  *out += static_cast<char>(value);
}

inline void PutText(std::string_view text, std::string* out) {
  PutVarint(text.size(), out);
  *out += text;
}

// The next number or text of what the two above wrote. Requires: there is one.
inline std::uint64_t TakeVarint(const char** at) {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*(*at)++);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
}

inline std::string_view TakeText(const char** at) {
  const auto size = static_cast<std::size_t>(TakeVarint(at));
  const std::string_view text(*at, size);
  *at += size;
  return text;
}

// Small for numbers near zero on both sides.
inline std::uint64_t ZigZag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t UnZigZag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
}

}  // namespace watertight
