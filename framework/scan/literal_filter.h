// Byte strings that are all searched for in one pass, by tables of four bytes of each, at 64 places
// at once. For up to 150 literals it is about as fast as memory is read; for 450 and more, which
// have four sets of tables, it takes some three times as long. For processors that have AVX-512
// VBMI.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "framework/scan/literal_table.h"

namespace watertight {

// A few bytes of each literal are its window. Eight buckets of windows have a bit each: by the byte
// at each place of a window, the bits of the buckets that hold one with that byte there. The
// highest bit of a byte is not looked at.
struct WindowTables {
  static constexpr std::size_t kWindow = 4;
  static constexpr std::size_t kBytes = 128;
  static constexpr std::size_t kBuckets = 8;

  alignas(64) std::array<std::array<std::uint8_t, kBytes>, kWindow> places = {};
};

class LiteralFilter {
 public:
  using OnHit = std::function<void(std::size_t literal, std::size_t begin)>;

  // Whether it is faster than Vectorscan: this processor can, no literal has one byte, and there
  // are not too many.
  static bool Suits(const std::vector<Literal>& literals);
  // Takes some 12 us for each literal. Null when it does not suit, or when many literals are so
  // alike that a text of what they share would take far longer than another. The literals must
  // outlive it.
  static std::unique_ptr<const LiteralFilter> For(const std::vector<Literal>& literals);

  // Every occurrence, by their ends.
  void Scan(std::string_view bytes, const OnHit& on_hit) const;

 private:
  static constexpr std::size_t kWindow = WindowTables::kWindow;
  static constexpr std::size_t kHashes = 1U << 16;
  static constexpr std::size_t kHashesOfRow = 16;

  // A literal's window, in one case of its letters.
  struct Form {
    std::uint32_t literal = 0;
    std::uint32_t offset = 0;  // of the window
    std::uint16_t size = 0;    // of the window
    std::uint16_t hash = 0;
  };
  struct Hit {
    std::size_t literal = 0;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  class Bucket;
  class Distribution;

  explicit LiteralFilter(const std::vector<Literal>& literals);
  void AddBucket(std::size_t number, const Bucket& bucket);
  void AddForms(Form form);
  // The most that have one hash.
  std::size_t SortForms();
  void ScanPart(std::string_view bytes, std::size_t at, std::string_view part,
                std::vector<Hit>* hits) const;
  void LookAt(std::uint32_t word, std::string_view bytes, std::size_t at,
              std::vector<Hit>* hits) const;

  const std::vector<Literal>& literals_;
  std::vector<WindowTables> tables_;
  std::array<std::uint64_t, kHashes / 64> hashes_ = {};              // bits: those of forms
  std::array<std::uint64_t, kHashes / 64> short_begins_ = {};        // of windows of fewer bytes
  std::vector<Form> forms_;                                          // by hash
  std::array<std::uint32_t, kHashes / kHashesOfRow + 1> rows_ = {};  // where in forms_ they begin
  std::size_t shortest_ = kWindow;                                   // bytes of a window
};

}  // namespace watertight
