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
    archive_read_support_filter_xz(handle_.get());
    archive_read_support_filter_bzip2(handle_.get());
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
  std::string name_;
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

std::unique_ptr<ByteStream> LibarchiveStream(StoredInput input, const std::string& name) {
  return std::make_unique<FilteredStream>(std::move(input), name);
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
    FailTar(handle.get(), start);
  }
  const auto size = static_cast<std::uint64_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
  std::uint64_t written = 0;
  while (true) {
    const void* block = nullptr;
    std::size_t count = 0;
    la_int64_t offset = 0;
    const int result = archive_read_data_block(handle.get(), &block, &count, &offset);
    if (result == ARCHIVE_EOF) break;
    if (result != ARCHIVE_OK) FailTar(handle.get(), start);
    if (count == 0) continue;
    const auto start_of_block = static_cast<std::uint64_t>(offset);
    if (start_of_block < written || start_of_block > size || count > size - start_of_block) {
      throw Error(ErrorCode::kCorrupt, "the sparse map of the entry at byte " +
                                           std::to_string(start) + " runs back or beyond its size");
    }
    SinkZeros(start_of_block - written, sink);
    sink(std::string_view(static_cast<const char*>(block), count));
    written = start_of_block + count;
  }
  if (written < size) SinkZeros(size - written, sink);
}

}  // namespace watertight
