#include "framework/image/streams.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "watertight/error.h"

namespace watertight {
namespace {

class Stored : public ByteStream {
 public:
  Stored(SharedBytes bytes, std::function<void(std::string_view)> sink)
      : bytes_(std::move(bytes)), sink_(std::move(sink)) {}

  std::size_t Read(char* buffer, std::size_t count) override {
    const std::size_t got = bytes_->ReadAt(position_, buffer, count);
    position_ += got;
    if (sink_ && got > 0) sink_(std::string_view(buffer, got));
    return got;
  }

 private:
  SharedBytes bytes_;
  std::function<void(std::string_view)> sink_;
  std::uint64_t position_ = 0;
};

class Tee : public ByteStream {
 public:
  Tee(ByteStream* stream, std::function<void(std::string_view)> sink)
      : stream_(stream), sink_(std::move(sink)) {}

  // What a stream gives after an error may be anything.
  std::size_t Read(char* buffer, std::size_t count) override {
    if (failed_) throw *failed_;
    try {
      const std::size_t got = stream_->Read(buffer, count);
      sink_(std::string_view(buffer, got));
      return got;
    } catch (const Error& error) {
      failed_ = error;
      throw;
    }
  }

 private:
  ByteStream* stream_;
  std::function<void(std::string_view)> sink_;
  std::optional<Error> failed_;
};

class Part : public ByteStream {
 public:
  Part(Reader* reader, std::uint64_t size) : reader_(reader), left_(size) {}

  std::size_t Read(char* buffer, std::size_t count) override {
    const std::size_t most = std::min(count, Reader::kMaxPeek);
    const std::string_view piece =
        reader_->Peek(static_cast<std::size_t>(std::min<std::uint64_t>(most, left_)));
    const std::size_t got = piece.copy(buffer, piece.size());
    reader_->Skip(got);
    left_ -= got;
    return got;
  }

 private:
  Reader* reader_;
  std::uint64_t left_;
};

class Ordered : public ByteSource {
 public:
  Ordered(Reader* reader, std::uint64_t size)
      : reader_(reader), begin_(reader->position()), size_(size) {}

  std::uint64_t size() const override { return size_; }

  std::size_t ReadAt(std::uint64_t offset, char* buffer, std::size_t count) const override {
    if (begin_ + offset != reader_->position()) {
      throw Error(ErrorCode::kUnsupported, "bytes of a stream are asked for out of their order");
    }
    const std::string_view piece = reader_->Peek(std::min(count, Reader::kMaxPeek));
    const std::size_t got = piece.copy(buffer, piece.size());
    // The first bytes tell of the compression; then they are read again.
    if (offset > 0 || count > kHead) reader_->Skip(got);
    return got;
  }

 private:
  static constexpr std::size_t kHead = 64;

  Reader* reader_;
  std::uint64_t begin_;
  std::uint64_t size_;
};

}  // namespace

std::unique_ptr<ByteStream> StoredStream(SharedBytes bytes,
                                         std::function<void(std::string_view)> sink) {
  return std::make_unique<Stored>(std::move(bytes), std::move(sink));
}

std::unique_ptr<ByteStream> TeeStream(ByteStream* stream,
                                      std::function<void(std::string_view)> sink) {
  return std::make_unique<Tee>(stream, std::move(sink));
}

std::unique_ptr<ByteStream> PartStream(Reader* reader, std::uint64_t size) {
  return std::make_unique<Part>(reader, size);
}

SharedBytes OrderedBytes(Reader* reader, std::uint64_t size) {
  return std::make_shared<Ordered>(reader, size);
}

}  // namespace watertight
