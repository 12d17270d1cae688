// Sequential pieces of stored bytes, for decompressors.

#pragma once

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "framework/image/decompress.h"

namespace watertight {

class StoredInput {
 public:
  StoredInput(SharedBytes bytes, StoredSink sink)
      : bytes_(std::move(bytes)),
        sink_(std::move(sink)),
        buffer_(static_cast<std::size_t>(
            std::clamp<std::uint64_t>(bytes_->size(), kSmallest, kPiece))) {}

  // Empty at the end.
  std::string_view Next() {
    const std::size_t got = bytes_->ReadAt(position_, buffer_.data(), buffer_.size());
    position_ += got;
    const std::string_view piece(buffer_.data(), got);
    if (sink_ && got > 0) sink_(piece);
    return piece;
  }
  std::uint64_t position() const { return position_; }
  std::uint64_t size() const { return bytes_->size(); }

 private:
  static constexpr std::size_t kSmallest = 4096;
  static constexpr std::size_t kPiece = std::size_t{256} << 10;

  SharedBytes bytes_;
  StoredSink sink_;
  std::vector<char> buffer_;
  std::uint64_t position_ = 0;
};

}  // namespace watertight
