// Byte strings that are all searched for in one pass, by tables of four bytes of each, at 64 places
// at once: about as fast as memory is read, and ready at once. For up to some hundred literals, on
// processors that have AVX-512 VBMI.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "framework/scan/literal_table.h"

namespace watertight {

class LiteralFilter {
 public:
  using Hit = LiteralTable::Hit;

  // Null when this processor cannot, when some literal has less than three bytes, or when there are
  // so many that it would look at places that hold none all the time. The literals must outlive it.
  static std::unique_ptr<const LiteralFilter> For(const std::vector<Literal>& literals);

  // Every occurrence, by their ends.
  std::vector<Hit> Scan(std::string_view bytes) const;

 private:
  static constexpr std::size_t kWindow = 4;         // bytes of a literal that the tables know
  static constexpr std::size_t kTableBytes = 128;   // the highest bit of a byte is not looked at
  static constexpr std::size_t kBuckets = 8;        // bits of an entry
  static constexpr std::size_t kHashes = 1U << 16;  // of a window

  struct Member {
    std::uint32_t literal;
    std::uint32_t offset;  // of the window
  };
  class Bucket;

  LiteralFilter(const std::vector<Literal>& literals, const std::vector<Bucket>& buckets);
  static std::vector<Bucket> Distribute(const std::vector<Literal>& literals);
  static std::size_t HashOf(const char* window);
  void AddWindows(const Member& member);
  void ScanBlocks(std::string_view bytes, std::size_t at, std::string_view blocks,
                  std::vector<Hit>* hits) const;
  void Compare(const char* window, std::string_view bytes, std::size_t at,
               std::vector<Hit>* hits) const;

  // By the byte at each place of a window: the buckets that hold a window with that byte there.
  using Table = std::array<std::uint8_t, kTableBytes>;

  const std::vector<Literal>& literals_;
  alignas(64) std::array<Table, kWindow> tables_ = {};
  std::array<std::vector<Member>, kBuckets> members_;
  std::array<std::uint64_t, kHashes / 64> hashes_ = {};  // bits: those of windows
};

}  // namespace watertight
