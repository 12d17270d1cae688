#include "framework/image/bytes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "framework/image/file_range.h"
#include "framework/image/mapped_bytes.h"
#include "watertight/error.h"

namespace watertight {
namespace {

class FileBytes : public ByteSource, public FileBacked {
 public:
  FileBytes(int descriptor, std::uint64_t size, std::string name)
      : descriptor_(descriptor), size_(size), name_(std::move(name)) {}
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;
  ~FileBytes() override { close(descriptor_); }

  std::uint64_t size() const override { return size_; }

  std::size_t ReadAt(std::uint64_t offset, char* buffer, std::size_t count) const override {
    std::size_t done = 0;
    while (done < count) {
      const ssize_t got =
          pread(descriptor_, buffer + done, count - done, static_cast<off_t>(offset + done));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw Error(ErrorCode::kIo, name_ + ": cannot be read: " + strerror(errno));
      if (got == 0) break;
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

  std::unique_ptr<MappedBytes> Map(std::uint64_t offset, std::uint64_t size) const override {
    size = std::min(size, size_ - std::min(offset, size_));
    return MappedBytes::Map(descriptor_, offset, size, name_);
  }

  std::optional<FileRange> Range() const override {
    struct stat status = {};
    if (fstat(descriptor_, &status) != 0 || status.st_nlink == 0) return std::nullopt;
    return FileRange{status.st_dev,
                     status.st_ino,
                     static_cast<std::uint64_t>(status.st_size),
                     Nanoseconds(status.st_mtim),
                     Nanoseconds(status.st_ctim),
                     0,
                     size_};
  }

 private:
  static std::int64_t Nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
  }

  int descriptor_;
  std::uint64_t size_;
  std::string name_;
};

class StringBytes : public ByteSource {
 public:
  explicit StringBytes(std::shared_ptr<const std::string> bytes) : bytes_(std::move(bytes)) {}

  std::uint64_t size() const override { return bytes_->size(); }

  std::size_t ReadAt(std::uint64_t offset, char* buffer, std::size_t count) const override {
    if (offset >= bytes_->size()) return 0;
    return bytes_->copy(buffer, count, static_cast<std::size_t>(offset));
  }

 private:
  std::shared_ptr<const std::string> bytes_;
};

class PartBytes : public ByteSource, public FileBacked {
 public:
  PartBytes(SharedBytes whole, std::uint64_t offset, std::uint64_t size)
      : whole_(std::move(whole)), offset_(offset), size_(size) {}

  std::uint64_t size() const override { return size_; }

  std::size_t ReadAt(std::uint64_t offset, char* buffer, std::size_t count) const override {
    if (offset >= size_) return 0;
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - offset));
    return whole_->ReadAt(offset_ + offset, buffer, count);
  }

  std::unique_ptr<MappedBytes> Map(std::uint64_t offset, std::uint64_t size) const override {
    return whole_->Map(offset_ + offset, std::min(size, size_ - std::min(offset, size_)));
  }

  std::optional<FileRange> Range() const override {
    std::optional<FileRange> range = RangeOf(*whole_);
    if (!range) return range;
    range->offset += offset_;
    range->size = size_;
    return range;
  }

 private:
  SharedBytes whole_;
  std::uint64_t offset_;
  std::uint64_t size_;
};

// The window grows while headers stand close together, and shrinks when a skip leaves it far
// behind: a layer of small files is read in few large pieces, one of large files costs a small read
// for each header.
class SeekReader : public Reader {
 public:
  explicit SeekReader(SharedBytes bytes) : bytes_(std::move(bytes)) {}

  std::string_view Peek(std::size_t count) override {
    if (position_ < window_start_ || position_ + count > window_start_ + window_size_) Fill(count);
    const auto at = static_cast<std::size_t>(position_ - window_start_);
    return std::string_view(window_.get() + at, std::min(count, window_size_ - at));
  }

  std::uint64_t Skip(std::uint64_t count) override {
    const std::uint64_t size = bytes_->size();
    const std::uint64_t left = position_ < size ? size - position_ : 0;
    const std::uint64_t skipped = std::min(count, left);
    position_ += skipped;
    return skipped;
  }

 private:
  static constexpr std::size_t kSmallest = 512;
  // Reading so many bytes in vain takes as long as another call.
  static constexpr std::size_t kNear = 4096;

  void Fill(std::size_t count) {
    const bool near = position_ <= window_start_ + window_size_ + kNear;
    ahead_ = near ? std::min(ahead_ * 2, kMaxPeek) : std::max(ahead_ / 4, kSmallest);
    const std::size_t want = std::max(count, ahead_);
    if (room_ < want) {
      window_ = std::make_unique_for_overwrite<char[]>(want);
      room_ = want;
    }
    window_start_ = position_;
    window_size_ = bytes_->ReadAt(position_, window_.get(), want);
  }

  SharedBytes bytes_;
  std::unique_ptr<char[]> window_;
  std::size_t room_ = 0;
  std::uint64_t window_start_ = 0;
  std::size_t window_size_ = 0;
  std::size_t ahead_ = kSmallest;
};

class StreamReader : public Reader {
 public:
  explicit StreamReader(std::unique_ptr<ByteStream> stream)
      : stream_(std::move(stream)), buffer_(std::make_unique_for_overwrite<char[]>(kSmallest)) {}

  std::string_view Peek(std::size_t count) override {
    if (end_ - begin_ < count) {
      room_ < count ? MoveInto(2 * count) : MoveToBegin();
      while (end_ < count && !ended_) Fill();
    }
    return std::string_view(buffer_.get() + begin_, std::min(count, end_ - begin_));
  }

  std::uint64_t Skip(std::uint64_t count) override {
    std::uint64_t skipped = 0;
    while (skipped < count) {
      if (begin_ == end_) {
        begin_ = end_ = 0;
        if (!ended_) Fill();
        if (begin_ == end_) break;
      }
      const auto step =
          static_cast<std::size_t>(std::min<std::uint64_t>(count - skipped, end_ - begin_));
      begin_ += step;
      skipped += step;
    }
    position_ += skipped;
    return skipped;
  }

 private:
  // The buffer grows as the stream goes on: streams inside of archives may be many and short.
  void Fill() {
    if (read_ >= room_ && room_ < kLargest) MoveInto(2 * room_);
    const std::size_t got = stream_->Read(buffer_.get() + end_, room_ - end_);
    end_ += got;
    read_ += got;
    ended_ = got == 0;
  }

  // What was not read yet goes to the begin of the buffer, or of a larger one.
  void MoveToBegin() {
    end_ -= begin_;
    memmove(buffer_.get(), buffer_.get() + std::exchange(begin_, 0), end_);
  }
  void MoveInto(std::size_t size) {
    auto larger = std::make_unique_for_overwrite<char[]>(size);
    end_ -= begin_;
    memcpy(larger.get(), buffer_.get() + std::exchange(begin_, 0), end_);
    buffer_ = std::move(larger);
    room_ = size;
  }

  static constexpr std::size_t kSmallest = 4096;
  static constexpr std::size_t kLargest = 2 * kMaxPeek;

  std::unique_ptr<ByteStream> stream_;
  std::unique_ptr<char[]> buffer_;
  std::size_t room_ = kSmallest;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uint64_t read_ = 0;
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<MappedBytes> ByteSource::Map(std::uint64_t /*offset*/,
                                             std::uint64_t /*size*/) const {
  return nullptr;
}

SharedBytes OpenFileBytes(int descriptor, std::uint64_t size, std::string name) {
  return std::make_shared<FileBytes>(descriptor, size, std::move(name));
}

SharedBytes MemoryBytes(std::string bytes) {
  return MemoryBytes(std::make_shared<const std::string>(std::move(bytes)));
}

SharedBytes MemoryBytes(std::shared_ptr<const std::string> bytes) {
  return std::make_shared<StringBytes>(std::move(bytes));
}

SharedBytes PartOf(SharedBytes bytes, std::uint64_t offset, std::uint64_t size) {
  const std::uint64_t whole = bytes->size();
  const std::uint64_t start = std::min(offset, whole);
  return std::make_shared<PartBytes>(std::move(bytes), start, std::min(size, whole - start));
}

std::string ReadAll(const ByteSource& bytes, std::uint64_t limit) {
  if (bytes.size() > limit) {
    throw Error(ErrorCode::kLimitExceeded, "has " + std::to_string(bytes.size()) +
                                               " bytes, more than the limit of " +
                                               std::to_string(limit));
  }
  std::string all(static_cast<std::size_t>(bytes.size()), '\0');
  all.resize(bytes.ReadAt(0, all.data(), all.size()));
  return all;
}

std::unique_ptr<Reader> SeekingReader(SharedBytes bytes) {
  return std::make_unique<SeekReader>(std::move(bytes));
}

std::unique_ptr<Reader> StreamingReader(std::unique_ptr<ByteStream> stream) {
  return std::make_unique<StreamReader>(std::move(stream));
}

}  // namespace watertight
