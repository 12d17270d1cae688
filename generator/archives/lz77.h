// Finds repetitions in a stream, block after block: the front half of gzip and zstd. Its choices
// are part of the bytes that the generator writes, so it depends on nothing but its input.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

// Some literal bytes, then a copy of `length` bytes from `distance` before. The last sequence of a
// block may have length 0.
struct Sequence {
  std::uint32_t literals = 0;
  std::uint32_t length = 0;
  std::uint32_t distance = 0;
};

struct Lz77Limits {
  std::size_t window = 0;      // the largest distance
  std::size_t max_length = 0;  // of a copy
};

class Lz77 {
 public:
  explicit Lz77(Lz77Limits limits);

  // The sequences of the next block; they may refer to the blocks before.
  std::vector<Sequence> Next(std::string_view block);

 private:
  std::uint32_t Word(std::size_t at) const;
  std::size_t MatchLength(std::size_t earlier, std::size_t at) const;
  void Forget();

  Lz77Limits limits_;
  std::string bytes_;                // history, then the block
  std::uint64_t start_ = 0;          // position of bytes_[0] in the stream
  std::vector<std::uint64_t> seen_;  // position + 1 of the last place with a hash; 0: none
};

}  // namespace watertight::generator
