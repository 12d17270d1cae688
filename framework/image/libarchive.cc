#include "framework/image/libarchive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "watertight/error.h"

namespace watertight {
namespace {

struct CloseArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using ArchiveHandle = std::unique_ptr<archive, CloseArchive>;

[[noreturn]] void Fail(archive* handle, std::uint64_t position, std::uint64_t size) {
  const char* text = archive_error_string(handle);
  const std::string reason = text == nullptr ? "damaged" : text;
  const bool short_input = reason.find("runcated") != std::string::npos;
  throw Error(short_input ? ErrorCode::kTruncated : ErrorCode::kCorrupt,
              "compressed stream fails near byte " + std::to_string(position) + " of " +
                  std::to_string(size) + " (" + reason + ")");
}

class FilteredStream : public ByteStream {
 public:
  explicit FilteredStream(StoredInput input)
      : input_(std::move(input)), handle_(archive_read_new()) {
    archive_read_support_filter_xz(handle_.get());
    archive_read_support_filter_bzip2(handle_.get());
    archive_read_support_format_raw(handle_.get());
    if (archive_read_open(handle_.get(), this, nullptr, &FilteredStream::ReadPiece, nullptr) !=
        ARCHIVE_OK) {
      Fail(handle_.get(), input_.position(), input_.size());
    }
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(handle_.get(), &entry);
    ended_ = result == ARCHIVE_EOF;
    if (!ended_ && result != ARCHIVE_OK) Fail(handle_.get(), input_.position(), input_.size());
  }

  std::size_t Read(char* buffer, std::size_t count) override {
    if (ended_) return 0;
    const la_ssize_t got = archive_read_data(handle_.get(), buffer, count);
    if (got < 0) Fail(handle_.get(), input_.position(), input_.size());
    if (got == 0) {
      ended_ = true;
      while (!input_.Next().empty()) {
      }
    }
    return static_cast<std::size_t>(got);
  }

 private:
  static la_ssize_t ReadPiece(archive* handle, void* self, const void** buffer) {
    auto* stream = static_cast<FilteredStream*>(self);
    try {
      const std::string_view piece = stream->input_.Next();
      *buffer = piece.data();
      return static_cast<la_ssize_t>(piece.size());
    } catch (const Error& error) {
      archive_set_error(handle, EIO, "%s", error.what());
      return ARCHIVE_FATAL;
    }
  }

  StoredInput input_;
  ArchiveHandle handle_;
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

void SinkZeros(std::uint64_t count, const std::function<void(std::string_view)>& sink) {
  static const std::string zeros(std::size_t{1} << 16, '\0');
  while (count > 0) {
    const auto step = static_cast<std::size_t>(std::min<std::uint64_t>(count, zeros.size()));
    sink(std::string_view(zeros.data(), step));
    count -= step;
  }
}

}  // namespace

std::unique_ptr<ByteStream> LibarchiveStream(StoredInput input) {
  return std::make_unique<FilteredStream>(std::move(input));
}

void ReadSparseContent(Reader* reader, const std::function<void(std::string_view)>& sink) {
  const ArchiveHandle handle(archive_read_new());
  archive_read_support_format_tar(handle.get());
  archive_read_set_options(handle.get(), "hdrcharset=BINARY");
  const std::uint64_t start = reader->position();
  TarInput input{reader};
  archive_entry* entry = nullptr;
  if (archive_read_open(handle.get(), &input, nullptr, ReadTarPiece, nullptr) != ARCHIVE_OK ||
      archive_read_next_header(handle.get(), &entry) < ARCHIVE_WARN) {
    Fail(handle.get(), reader->position(), start);
  }
  const auto size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
  std::uint64_t written = 0;
  while (true) {
    const void* block = nullptr;
    std::size_t count = 0;
    la_int64_t offset = 0;
    const int result = archive_read_data_block(handle.get(), &block, &count, &offset);
    if (result == ARCHIVE_EOF) break;
    if (result != ARCHIVE_OK) Fail(handle.get(), reader->position(), start);
    if (count == 0) continue;
    SinkZeros(static_cast<std::uint64_t>(offset) - written, sink);
    sink(std::string_view(static_cast<const char*>(block), count));
    written = static_cast<std::uint64_t>(offset) + count;
  }
  if (written < size) SinkZeros(size - written, sink);
}

}  // namespace watertight
