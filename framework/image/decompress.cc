#include "framework/image/decompress.h"

#include <isa-l/igzip_lib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>
#include <utility>

#include "framework/image/libarchive.h"
#include "framework/image/stored_input.h"
#include "framework/image/streams.h"
#include "watertight/error.h"

namespace watertight {
namespace {

using std::string_view_literals::operator""sv;  // NOLINT(misc-unused-using-decls): clang-tidy 14

struct Magic {
  std::string_view bytes;
  Compression compression;
};
constexpr Magic kMagics[] = {{"\x1f\x8b"sv, Compression::kGzip},
                             {"\x28\xb5\x2f\xfd"sv, Compression::kZstd},
                             {"\xfd\x37zXZ\0"sv, Compression::kXz}};

// "BZh", the level, and the mark of a block or of the end, or as much of that as there is: a tar
// may begin with the name of a file like "BZh.txt".
bool IsBzip2(std::string_view head) {
  constexpr std::string_view kMarks[] = {"\x31\x41\x59\x26\x53\x59"sv,
                                         "\x17\x72\x45\x38\x50\x90"sv};
  if (!head.starts_with("BZh")) return false;
  if (head.size() == 3) return true;
  const std::string_view mark = head.substr(4, 6);
  const bool marked =
      std::any_of(std::begin(kMarks), std::end(kMarks),
                  [mark](std::string_view known) { return known.starts_with(mark); });
  return marked && head[3] >= '1' && head[3] <= '9';
}

// zstd:chunked archives may begin with a skippable frame: 0x184D2A50 to 0x184D2A5F, little-endian
// (RFC 8878, 3.1.2).
bool IsSkippableFrame(std::string_view head) {
  return head.size() >= 4 && (head[0] & '\xf0') == '\x50' && head.substr(1, 3) == "\x2a\x4d\x18"sv;
}

std::string Place(const StoredInput& input, std::size_t unused) {
  return "at byte " + std::to_string(input.position() - unused) + " of " +
         std::to_string(input.size());
}

// RFC 1952. estargz is one gzip member for each file, so members follow one another.
class GzipStream : public ByteStream {
 public:
  explicit GzipStream(StoredInput input) : input_(std::move(input)) { Begin(); }

  std::size_t Read(char* buffer, std::size_t count) override {
    count = std::min<std::size_t>(count, UINT32_MAX);
    // Behind the bytes of a member that is whole: what follows may be damage.
    if (std::exchange(member_ended_, false)) NextMember();
    while (!ended_) {
      if (state_.avail_in == 0) Refill();
      state_.next_out = reinterpret_cast<std::uint8_t*>(buffer);
      state_.avail_out = static_cast<std::uint32_t>(count);
      const std::uint32_t in_before = state_.avail_in;
      const int result = isal_inflate(&state_);
      const std::size_t made = count - state_.avail_out;
      if (result < 0) Fail("is damaged");
      const bool finished = state_.block_state == ISAL_BLOCK_FINISH;
      member_ended_ = finished;
      if (made > 0) return made;
      if (std::exchange(member_ended_, false)) NextMember();
      if (!finished && state_.avail_in == 0 && drained_) {
        throw Error(ErrorCode::kTruncated, "gzip stream ends " + Place(input_, 0));
      }
      if (!finished && state_.avail_in == in_before && state_.avail_in > 0) Fail("is damaged");
    }
    return 0;
  }

 private:
  void Begin() {
    isal_inflate_init(&state_);
    state_.crc_flag = ISAL_GZIP;
  }

  void Refill() {
    const std::string_view piece = input_.Next();
    drained_ = piece.empty();
    state_.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(piece.data()));
    state_.avail_in = static_cast<std::uint32_t>(piece.size());
  }

  // Zero padding may follow a member; anything else is another member.
  void NextMember() {
    while (true) {
      while (state_.avail_in > 0 && *state_.next_in == 0) {
        ++state_.next_in;
        --state_.avail_in;
      }
      if (state_.avail_in > 0) break;
      Refill();
      if (drained_) {
        ended_ = true;
        return;
      }
    }
    std::uint8_t* next = state_.next_in;
    const std::uint32_t left = state_.avail_in;
    if (*next != 0x1f) Fail("is followed by bytes that are no gzip member");
    Begin();
    state_.next_in = next;
    state_.avail_in = left;
  }

  [[noreturn]] void Fail(const std::string& what) {
    throw Error(ErrorCode::kCorrupt, "gzip stream " + what + " " + Place(input_, state_.avail_in));
  }

  StoredInput input_;
  inflate_state state_;  // large, and made ready by Begin
  bool drained_ = false;
  bool member_ended_ = false;
  bool ended_ = false;
};

struct FreeDctx {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// RFC 8878.
class ZstdStream : public ByteStream {
 public:
  explicit ZstdStream(StoredInput input) : input_(std::move(input)), context_(ZSTD_createDCtx()) {
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, kWindowLogMax);
  }

  std::size_t Read(char* buffer, std::size_t count) override {
    ZSTD_outBuffer out{buffer, count, 0};
    while (out.pos == 0) {
      if (in_.pos == in_.size) {
        const std::string_view piece = input_.Next();
        in_ = {piece.data(), piece.size(), 0};
        if (piece.empty()) {
          if (inside_frame_) {
            throw Error(ErrorCode::kTruncated, "zstd stream ends " + Place(input_, 0));
          }
          return 0;
        }
      }
      const std::size_t result = ZSTD_decompressStream(context_.get(), &out, &in_);
      if (ZSTD_isError(result) != 0) {
        if (ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge) {
          throw Error(ErrorCode::kLimitExceeded,
                      "zstd stream needs a window of more than 128 MiB " +
                          Place(input_, in_.size - in_.pos));
        }
        throw Error(ErrorCode::kCorrupt, std::string("zstd stream is damaged (") +
                                             ZSTD_getErrorName(result) + ") " +
                                             Place(input_, in_.size - in_.pos));
      }
      inside_frame_ = result != 0;
    }
    return out.pos;
  }

 private:
  // What zstd itself takes without being asked: 128 MiB. Such a window is memory that the
  // decompressor needs beside all else.
  static constexpr int kWindowLogMax = 27;

  StoredInput input_;
  std::unique_ptr<ZSTD_DCtx, FreeDctx> context_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool inside_frame_ = false;
};

class LimitedStream : public ByteStream {
 public:
  LimitedStream(std::unique_ptr<ByteStream> stream, std::uint64_t stored, const Limits& limits)
      : stream_(std::move(stream)) {
    most_ = std::max(
        limits.expansion_grace,
        stored * std::min<std::uint64_t>(limits.expansion_ratio, UINT64_MAX / (stored + 1)));
    most_ = std::min(most_, limits.expanded_bytes);
  }

  std::size_t Read(char* buffer, std::size_t count) override {
    const std::size_t got = stream_->Read(buffer, count);
    made_ += got;
    if (made_ > most_) {
      throw Error(ErrorCode::kLimitExceeded,
                  "expands to more than " + std::to_string(most_) + " bytes");
    }
    return got;
  }

 private:
  std::unique_ptr<ByteStream> stream_;
  std::uint64_t made_ = 0;
  std::uint64_t most_ = 0;
};

std::unique_ptr<ByteStream> PlainStream(SharedBytes bytes, StoredSink sink) {
  if (!sink) return StoredStream(std::move(bytes));
  return StoredStream(std::move(bytes),
                      [sink = std::move(sink)](std::string_view piece) { sink({piece}); });
}

}  // namespace

Compression DetectCompression(const ByteSource& bytes) {
  char head[10] = {};
  return DetectCompression(std::string_view(head, bytes.ReadAt(0, head, sizeof(head))));
}

Compression DetectCompression(std::string_view head) {
  for (const Magic& magic : kMagics) {
    if (head.starts_with(magic.bytes)) return magic.compression;
  }
  if (IsBzip2(head)) return Compression::kBzip2;
  return IsSkippableFrame(head) ? Compression::kZstd : Compression::kNone;
}

std::unique_ptr<ByteStream> Decompress(SharedBytes bytes, const Limits& limits, StoredSink sink) {
  const std::uint64_t stored = bytes->size();
  std::unique_ptr<ByteStream> stream;
  switch (DetectCompression(*bytes)) {
    case Compression::kNone:
      return PlainStream(std::move(bytes), std::move(sink));
    case Compression::kGzip:
      stream = std::make_unique<GzipStream>(StoredInput(std::move(bytes), std::move(sink)));
      break;
    case Compression::kZstd:
      stream = std::make_unique<ZstdStream>(StoredInput(std::move(bytes), std::move(sink)));
      break;
    case Compression::kXz:
      stream = LibarchiveStream(StoredInput(std::move(bytes), std::move(sink)), "xz");
      break;
    case Compression::kBzip2:
      stream = LibarchiveStream(StoredInput(std::move(bytes), std::move(sink)), "bzip2");
      break;
  }
  return std::make_unique<LimitedStream>(std::move(stream), stored, limits);
}

// Offset 0: 0x5d, the properties that all writers use; 1: size of the dictionary, a power of two or
// half as much again; 5: size of the content, or all ones.
bool BeginsLzma(std::string_view head) {
  constexpr std::size_t kHeader = 13;
  constexpr std::uint64_t kMostContent = std::uint64_t{1} << 38;  // liblzma's limit too
  if (head.size() <= kHeader || head[0] != '\x5d' || head[kHeader] != '\0') return false;
  const auto number = [head](std::size_t at, std::size_t size) {
    std::uint64_t value = 0;
    for (std::size_t i = size; i-- > 0;)
      value = value << 8 | static_cast<unsigned char>(head[at + i]);
    return value;
  };
  const std::uint64_t dictionary = number(1, 4);
  const std::uint64_t content = number(5, 8);
  const std::uint64_t power = dictionary % 3 == 0 ? dictionary / 3 : dictionary;
  return dictionary >= 4096 && std::has_single_bit(power) && content != 0 &&
         (content == UINT64_MAX || content < kMostContent);
}

std::unique_ptr<ByteStream> LzmaStream(SharedBytes bytes, const Limits& limits) {
  const std::uint64_t stored = bytes->size();
  return std::make_unique<LimitedStream>(
      LibarchiveStream(StoredInput(std::move(bytes), nullptr), "lzma"), stored, limits);
}

std::unique_ptr<Reader> UncompressedReader(SharedBytes bytes, const Limits& limits,
                                           StoredSink sink) {
  if (!sink && DetectCompression(*bytes) == Compression::kNone) {
    return SeekingReader(std::move(bytes));
  }
  return StreamingReader(Decompress(std::move(bytes), limits, std::move(sink)));
}

}  // namespace watertight
