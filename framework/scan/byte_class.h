// Which bytes of a text belong to a class of ASCII characters, as bits: 64 or 32 at once where the
// processor has AVX-512 or AVX2, and else one by one.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace watertight {

class ByteClass {
 public:
  static constexpr std::size_t kBlock = 64;  // bytes whose bits are one word

  // The characters of ASCII for which is(c).
  template <typename Predicate>
  static constexpr ByteClass Where(Predicate is) {
    ByteClass made;
    for (unsigned byte = 0; byte < 128; ++byte) {
      if (is(static_cast<char>(byte))) {
        made.rows_[byte % 16] |= static_cast<std::uint8_t>(1U << byte / 16);
      }
    }
    return made;
  }

  constexpr bool Has(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    return (rows_[byte % 16U] >> byte / 16U & 1U) != 0;  // above ASCII all bits are shifted out
  }

  // A word for each kBlock bytes and for the rest; the lowest bit is that of the first byte. Tests
  // tell how many bytes are looked at together at most.
  void Mark(std::string_view text, std::uint64_t* words, std::size_t together = kBlock) const;

 private:
  constexpr ByteClass() = default;

  // By the low half of a byte: a bit for each high half of a member.
  alignas(16) std::array<std::uint8_t, 16> rows_ = {};
};

}  // namespace watertight
