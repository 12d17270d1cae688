#include "framework/image/libarchive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "watertight/error.h"

namespace watertight {
namespace {

struct CloseArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using ArchiveHandle = std::unique_ptr<archive, CloseArchive>;

std::string Reason(archive* handle) {
  const char* text = archive_error_string(handle);
  return text == nullptr ? "damaged" : text;
}

[[noreturn]] void FailTar(archive* handle, std::uint64_t start) {
  throw Error(ErrorCode::kCorrupt, "tar entry at byte " + std::to_string(start) +
                                       " cannot be read (" + Reason(handle) + ")");
}

[[noreturn]] void FailStream(archive* handle, const std::string& name, const StoredInput& input) {
  const std::string stream = name + " stream ";
  const std::string place =
      "at byte " + std::to_string(input.position()) + " of " + std::to_string(input.size());
  const std::string reason = Reason(handle);
  // liblzma makes no progress when it wants more input than there is.
  const bool short_input = reason.find("runcated") != std::string::npos ||
                           reason.find("No progress") != std::string::npos;
  if (short_input) throw Error(ErrorCode::kTruncated, stream + "ends " + place);
  // The library reads ahead, so the damage stands before that byte.
  throw Error(ErrorCode::kCorrupt, stream + "is damaged (" + reason + ") before or " + place);
}

class FilteredStream : public ByteStream {
 public:
  FilteredStream(StoredInput input, std::string name)
      : input_(std::move(input)), name_(std::move(name)), handle_(archive_read_new()) {
    if (name_ == "lzma") {
      archive_read_support_filter_lzma(handle_.get());
    } else {
      archive_read_support_filter_xz(handle_.get());
      archive_read_support_filter_bzip2(handle_.get());
    }
    archive_read_support_format_raw(handle_.get());
    if (archive_read_open(handle_.get(), this, nullptr, &FilteredStream::ReadPiece, nullptr) !=
        ARCHIVE_OK) {
      FailStream(handle_.get(), name_, input_);
    }
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(handle_.get(), &entry);
    ended_ = result == ARCHIVE_EOF;
    if (!ended_ && result != ARCHIVE_OK) FailStream(handle_.get(), name_, input_);
  }

  std::size_t Read(char* buffer, std::size_t count) override {
    if (ended_) return 0;
    const la_ssize_t got = archive_read_data(handle_.get(), buffer, count);
    if (got < 0) FailStream(handle_.get(), name_, input_);
    if (got == 0) {
      ended_ = true;
      const auto taken = static_cast<std::uint64_t>(archive_filter_bytes(handle_.get(), -1));
      while (!NextPiece().empty()) {
      }
      // Of xz the library tells itself.
      if (name_ == "bzip2" && content_end_ > taken) {
        throw Error(ErrorCode::kCorrupt,
                    "bzip2 stream is followed by bytes that are no bzip2 stream at byte " +
                        std::to_string(taken) + " of " + std::to_string(input_.size()));
      }
    }
    return static_cast<std::size_t>(got);
  }

 private:
  std::string_view NextPiece() {
    const std::uint64_t begin = input_.position();
    const std::string_view piece = input_.Next();
    const std::size_t last = piece.find_last_not_of('\0');
    if (last != std::string_view::npos) content_end_ = begin + last + 1;
    return piece;
  }

  static la_ssize_t ReadPiece(archive* handle, void* self, const void** buffer) {
    auto* stream = static_cast<FilteredStream*>(self);
    try {
      const std::string_view piece = stream->NextPiece();
      *buffer = piece.data();
      return static_cast<la_ssize_t>(piece.size());
    } catch (const Error& error) {
      archive_set_error(handle, EIO, "%s", error.what());
      return ARCHIVE_FATAL;
    }
  }

  StoredInput input_;
  std::string name_;
  ArchiveHandle handle_;
  std::uint64_t content_end_ = 0;  // of what was read, without the zeros behind it
  bool ended_ = false;
};

struct TarInput {
  Reader* reader;
  std::size_t taken = 0;
};

la_ssize_t ReadTarPiece(archive* handle, void* self, const void** buffer) {
  auto* input = static_cast<TarInput*>(self);
  try {
    input->reader->Skip(std::exchange(input->taken, 0));
    const std::string_view piece = input->reader->Peek(std::size_t{64} << 10);
    input->taken = piece.size();
    *buffer = piece.data();
    return static_cast<la_ssize_t>(piece.size());
  } catch (const Error& error) {
    archive_set_error(handle, EIO, "%s", error.what());
    return ARCHIVE_FATAL;
  }
}

class SparseContent : public ByteStream {
 public:
  explicit SparseContent(Reader* reader)
      : start_(reader->position()), input_{reader}, handle_(archive_read_new()) {
    archive_read_support_format_tar(handle_.get());
    archive_read_set_options(handle_.get(), "hdrcharset=BINARY");
    archive_entry* entry = nullptr;
    if (archive_read_open(handle_.get(), &input_, nullptr, ReadTarPiece, nullptr) != ARCHIVE_OK ||
        archive_read_next_header(handle_.get(), &entry) < ARCHIVE_WARN) {
      FailTar(handle_.get(), start_);
    }
    size_ = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
  }

  std::size_t Read(char* buffer, std::size_t count) override {
    if (block_.empty() && !ended_) Next();
    const std::uint64_t until = ended_ ? size_ : block_begin_;
    if (written_ < until) {
      const auto zeros = static_cast<std::size_t>(std::min<std::uint64_t>(count, until - written_));
      std::memset(buffer, 0, zeros);
      written_ += zeros;
      return zeros;
    }
    const std::size_t got = block_.copy(buffer, count);
    block_.remove_prefix(got);
    written_ += got;
    return got;
  }

 private:
  // The next block that is not empty.
  void Next() {
    const void* bytes = nullptr;
    std::size_t count = 0;
    la_int64_t offset = 0;
    while (count == 0 && !ended_) {
      const int result = archive_read_data_block(handle_.get(), &bytes, &count, &offset);
      ended_ = result == ARCHIVE_EOF;
      if (!ended_ && result != ARCHIVE_OK) FailTar(handle_.get(), start_);
    }
    if (ended_) return;
    block_ = {static_cast<const char*>(bytes), count};
    block_begin_ = static_cast<std::uint64_t>(offset);
    if (block_begin_ < written_ || block_begin_ > size_ || count > size_ - block_begin_) {
      throw Error(ErrorCode::kCorrupt, "the sparse map of the entry at byte " +
                                           std::to_string(start_) +
                                           " runs back or beyond its size");
    }
  }

  std::uint64_t start_;
  TarInput input_;
  ArchiveHandle handle_;
  std::uint64_t size_ = 0;
  std::uint64_t written_ = 0;
  std::string_view block_;         // that is not written yet
  std::uint64_t block_begin_ = 0;  // where it belongs
  bool ended_ = false;
};

}  // namespace

std::unique_ptr<ByteStream> LibarchiveStream(StoredInput input, const std::string& name) {
  return std::make_unique<FilteredStream>(std::move(input), name);
}

std::unique_ptr<ByteStream> SparseStream(Reader* reader) {
  return std::make_unique<SparseContent>(reader);
}

void ReadSparseContent(Reader* reader, const std::function<void(std::string_view)>& sink) {
  SparseContent content(reader);
  std::vector<char> buffer(std::size_t{256} << 10);
  while (const std::size_t got = content.Read(buffer.data(), buffer.size())) {
    sink(std::string_view(buffer.data(), got));
  }
}

}  // namespace watertight
