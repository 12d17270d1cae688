// Byte strings that are all searched for in one pass, by tables of four bytes of each, at 64 places
// at once. For up to a hundred literals it is about as fast as memory is read, and ready at once;
// each 150 more take as long again. For processors that have AVX-512 VBMI.

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

  static constexpr std::size_t kWindow = 4;        // bytes of a literal that the tables know
  static constexpr std::size_t kTableBytes = 128;  // the highest bit of a byte is not looked at

  // Eight buckets of windows: by the byte at each place of a window, the bits of the buckets that
  // hold one with that byte there.
  struct Group {
    alignas(64) std::array<std::array<std::uint8_t, kTableBytes>, kWindow> tables = {};
    std::size_t buckets = 0;
  };

  // Null when this processor cannot, when some literal has one byte, or when they are too many. The
  // literals must outlive it.
  static std::unique_ptr<const LiteralFilter> For(const std::vector<Literal>& literals);
  ~LiteralFilter();

  // Every occurrence, by their ends.
  std::vector<Hit> Scan(std::string_view bytes) const;

 private:
  struct Member {
    std::uint32_t literal = 0;
    std::uint32_t offset = 0;  // of the window
    std::uint16_t size = 0;    // of the window
    std::uint16_t hash = 0;    // of a form of the window
  };
  class Bucket;

  explicit LiteralFilter(const std::vector<Literal>& literals);
  static std::vector<Bucket> Distribute(const std::vector<Literal>& literals, std::size_t count);
  void AddBucket(const Bucket& bucket);
  void AddForms(Member member);
  void SortForms();
  void ScanPart(std::string_view bytes, std::size_t at, std::string_view part,
                std::vector<Hit>* hits) const;
  void LookAt(std::uint32_t word, std::string_view bytes, std::size_t at,
              std::vector<Hit>* hits) const;

  static constexpr std::size_t kHashes = 1U << 16;
  static constexpr std::size_t kHashesOfRow = 16;

  const std::vector<Literal>& literals_;
  std::vector<Group> groups_;
  std::array<std::uint64_t, kHashes / 64> hashes_ = {};              // bits: those of forms
  std::vector<Member> forms_;                                        // by hash
  std::array<std::uint32_t, kHashes / kHashesOfRow + 1> rows_ = {};  // where in forms_ they begin
  std::size_t shortest_ = 4;                                         // bytes of a window
};

}  // namespace watertight
