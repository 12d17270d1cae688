#include "framework/image/inflate.h"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <string>

#include "watertight/error.h"

namespace watertight {
namespace {

class Inflate : public ByteStream {
 public:
  Inflate(Reader* reader, InflateFormat format) : reader_(reader), begin_(reader->position()) {
    isal_inflate_init(&state_);
    state_.crc_flag = format == InflateFormat::kZlib ? ISAL_ZLIB : ISAL_DEFLATE;
  }

  std::size_t Read(char* buffer, std::size_t count) override {
    count = std::min<std::size_t>(count, UINT32_MAX);
    while (!ended_) {
      const std::string_view input = reader_->Peek(kInput).substr(held_);
      state_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(input.data()));
      state_.avail_in = static_cast<std::uint32_t>(input.size());
      state_.next_out = reinterpret_cast<std::uint8_t*>(buffer);
      state_.avail_out = static_cast<std::uint32_t>(count);
      const int result = isal_inflate(&state_);
      const std::size_t used = input.size() - state_.avail_in;
      const std::size_t made = count - state_.avail_out;
      if (result < 0) Fail(ErrorCode::kCorrupt, "is damaged");
      ended_ = state_.block_state == ISAL_BLOCK_FINISH;
      Leave(used);
      if (made > 0) return made;
      if (!ended_ && input.empty()) Fail(ErrorCode::kTruncated, "ends too early");
      if (!ended_ && used == 0) Fail(ErrorCode::kCorrupt, "is damaged");
    }
    return 0;
  }

 private:
  static constexpr std::size_t kInput = std::size_t{16} << 10;

  // The decoder takes up to eight bytes that it turns out not to need when the stream has ended.
  void Leave(std::size_t used) {
    const std::size_t taken = held_ + used;
    held_ = ended_ ? static_cast<std::size_t>(std::max(state_.read_in_length, 0)) / 8
                   : std::min<std::size_t>(taken, sizeof state_.read_in);
    held_ = std::min(held_, taken);
    reader_->Skip(taken - held_);
  }

  [[noreturn]] void Fail(ErrorCode code, const std::string& what) const {
    throw Error(code, "deflate stream " + what + " " +
                          std::to_string(reader_->position() - begin_) + " bytes behind its begin");
  }

  Reader* reader_;
  std::uint64_t begin_;
  std::size_t held_ = 0;  // bytes at the reader's position that the decoder has
  inflate_state state_;   // large, and made ready by isal_inflate_init
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> InflateStream(Reader* reader, InflateFormat format) {
  return std::make_unique<Inflate>(reader, format);
}

}  // namespace watertight
