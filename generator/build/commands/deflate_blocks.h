// Deflate blocks (RFC 1951) as gzip has written them since 1993, and BusyBox after it: the same
// trees, the same choice between stored, fixed and dynamic blocks, so that what RUN packs has the
// bytes that the real programs write.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator::commands {

// A literal, or a copy.
struct DeflateSymbol {
  std::uint16_t distance = 0;  // 0 for a literal
  std::uint16_t value = 0;     // the byte, or the length less 3
};

class DeflateBlocks {
 public:
  explicit DeflateBlocks(std::size_t capacity) : capacity_(capacity) { Begin(); }

  // Adds a symbol; true when the block should end. `covered`: bytes of input in the block.
  bool Add(DeflateSymbol symbol, std::size_t covered, bool may_end_early);
  // Ends a block. `input`: the bytes it covers, without them it cannot be stored.
  void End(const std::string_view* input, std::size_t length, bool last);

  const std::string& bytes() const { return bytes_; }

 private:
  void Begin();
  void PutBits(std::uint32_t value, unsigned count);
  void Align();
  void PutStored(std::string_view input);
  void PutSymbols(const std::vector<std::uint8_t>& literals,
                  const std::vector<std::uint8_t>& distances);

  std::size_t capacity_;
  std::vector<DeflateSymbol> symbols_;
  std::size_t copies_ = 0;
  std::vector<std::uint32_t> literal_counts_;
  std::vector<std::uint32_t> distance_counts_;
  std::string bytes_;
  std::uint64_t pending_ = 0;
  unsigned pending_count_ = 0;
};

}  // namespace watertight::generator::commands
