// Finite state entropy coding, the encoder's side (RFC 8878 §4.1).

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/archives/bits.h"

namespace watertight::generator {

// How the states of a table are shared out: -1 = "less than one".
using FseCounts = std::vector<std::int16_t>;

class FseTable {
 public:
  // Requires: the counts add up to 2^log.
  FseTable(const FseCounts& counts, unsigned log);

  // The state that will decode to `symbol` and needs no bits: where encoding begins.
  std::uint32_t First(std::size_t symbol) const;
  // Puts the bits that lead from the state for `symbol` to `state`; returns the former.
  std::uint32_t Next(BitWriter& out, std::uint32_t state, std::size_t symbol) const;
  void Flush(BitWriter& out, std::uint32_t state) const;

 private:
  struct Transform {
    std::uint32_t bits_delta = 0;
    std::int32_t state_delta = 0;
  };

  unsigned log_;
  std::vector<std::uint16_t> states_;
  std::vector<Transform> transforms_;
};

// Shares 2^log states out by frequency; every symbol that occurs gets one. Requires: at least two
// of them occur, and not more than 2^log.
FseCounts ShareStates(const std::vector<std::uint32_t>& frequencies, unsigned log);

// The counts as a decoder reads them in front of the data (§4.1.1).
std::string FseDescription(const FseCounts& counts, unsigned log);

}  // namespace watertight::generator
