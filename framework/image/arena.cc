#include "framework/image/arena.h"

#include <algorithm>
#include <cstring>

namespace watertight {
namespace {

// Small layers stay small; a large one wastes little at the ends of its blocks.
constexpr std::size_t kSmallestBlock = std::size_t{4} << 10;
constexpr std::size_t kLargestBlock = std::size_t{64} << 10;
constexpr std::size_t kAlignment = 8;

}  // namespace

char* Arena::Allocate(std::size_t size) {
  size = (size + kAlignment - 1) / kAlignment * kAlignment;
  if (size > left_) {
    const std::size_t block =
        std::min(kLargestBlock, kSmallestBlock << std::min<std::size_t>(blocks_.size(), 4));
    const bool alone = size > block / 4;
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(alone ? size : block));
    if (alone) return blocks_.back().get();
    next_ = blocks_.back().get();
    left_ = block;
  }
  char* const at = next_;
  next_ += size;
  left_ -= size;
  return at;
}

std::string_view Arena::Copy(std::string_view bytes) {
  if (bytes.empty()) return {};
  char* const at = Allocate(bytes.size());
  memcpy(at, bytes.data(), bytes.size());
  return {at, bytes.size()};
}

}  // namespace watertight
