// Sequential pieces of stored bytes, for decompressors.

#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "framework/image/decompress.h"

namespace watertight {

class StoredInput {
 public:
  StoredInput(SharedBytes bytes, StoredSink sink)
      : bytes_(std::move(bytes)),
        sink_(std::move(sink)),
        room_(static_cast<std::size_t>(
            std::clamp<std::uint64_t>(bytes_->size(), kSmallest, kPiece))) {}

  // Empty at the end.
  std::string_view Next() {
    // Somebody may look at the piece before still. Blocks let go of theirs in the thread that reads
    // here, so none is let go of meanwhile.
    if (buffer_ == nullptr || buffer_.use_count() > 1) {
      buffer_ = std::make_shared_for_overwrite<char[]>(room_);
    }
    const std::size_t got = bytes_->ReadAt(position_, buffer_.get(), room_);
    position_ += got;
    const std::string_view piece(buffer_.get(), got);
    if (sink_ && got > 0) sink_({piece, buffer_});
    return piece;
  }
  std::uint64_t position() const { return position_; }
  std::uint64_t size() const { return bytes_->size(); }

 private:
  static constexpr std::size_t kSmallest = 4096;
  static constexpr std::size_t kPiece = std::size_t{256} << 10;

  SharedBytes bytes_;
  StoredSink sink_;
  std::size_t room_;
  std::shared_ptr<char[]> buffer_;
  std::uint64_t position_ = 0;
};

}  // namespace watertight
