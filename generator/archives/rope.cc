#include "generator/archives/rope.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::size_t kReadSize = 1 << 18;
constexpr std::size_t kSmall = 1 << 16;       // memory pieces grow to this size
constexpr std::size_t kInMemory = 64u << 20;  // a spool larger than this goes to a file

void WriteAll(int descriptor, std::string_view bytes, const std::string& name) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw Error(name + ": " + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void ReadRange(int descriptor, const std::string& name, std::uint64_t offset, std::uint64_t length,
               const std::function<void(std::string_view)>& take) {
  std::string buffer(std::min<std::uint64_t>(length, kReadSize), '\0');
  while (length > 0) {
    const std::size_t wanted = std::min<std::uint64_t>(length, buffer.size());
    const ssize_t got = pread(descriptor, buffer.data(), wanted, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw Error(name + ": " + std::strerror(errno));
    if (got == 0) throw Error(name + ": became shorter while it was read");
    take(std::string_view(buffer).substr(0, static_cast<std::size_t>(got)));
    offset += static_cast<std::uint64_t>(got);
    length -= static_cast<std::uint64_t>(got);
  }
}

}  // namespace

OpenFile::~OpenFile() { close(descriptor_); }

void Rope::Add(Piece piece) {
  if (piece.length == 0) return;
  size_ += piece.length;
  pieces_.push_back(std::move(piece));
}

void Rope::Append(std::string bytes) {
  if (bytes.empty()) return;
  // Headers are many and small: they share a piece that no other rope holds.
  if (!pieces_.empty()) {
    Piece& last = pieces_.back();
    if (last.bytes != nullptr && last.bytes.use_count() == 1 && last.offset == 0 &&
        last.length == last.bytes->size() && last.length + bytes.size() <= kSmall) {
      last.bytes->append(bytes);
      last.length += bytes.size();
      size_ += bytes.size();
      return;
    }
  }
  Piece piece;
  piece.length = bytes.size();
  piece.bytes = std::make_shared<std::string>(std::move(bytes));
  Add(std::move(piece));
}

void Rope::Append(const Rope& other) {
  if (pieces_.empty()) marks_ = other.marks_;
  const std::vector<Piece> pieces = other.pieces_;  // `other` may be this rope
  for (const Piece& piece : pieces) {
    const bool small = piece.bytes != nullptr && piece.length <= 2048;
    if (small) {
      Append(piece.bytes->substr(piece.offset, piece.length));
    } else {
      Add(piece);
    }
  }
}

void Rope::Mark(TarMark mark) {
  if (marks_ == nullptr) {
    marks_ = std::make_shared<std::vector<TarMark>>();
  } else if (marks_.use_count() > 1) {
    marks_ = std::make_shared<std::vector<TarMark>>(*marks_);
  }
  marks_->push_back(std::move(mark));
}

const std::vector<TarMark>& Rope::marks() const {
  static const std::vector<TarMark> none;
  return marks_ == nullptr ? none : *marks_;
}

void Rope::AppendZeros(std::uint64_t count) {
  static const auto zeros = std::make_shared<std::string>(kSmall, '\0');
  if (count <= 2048) return Append(std::string(count, '\0'));
  for (; count > 0; count -= std::min<std::uint64_t>(count, kSmall)) {
    Piece piece;
    piece.length = std::min<std::uint64_t>(count, kSmall);
    piece.bytes = zeros;
    Add(std::move(piece));
  }
}

void Rope::AppendFile(const std::string& path, std::uint64_t offset, std::uint64_t length) {
  Piece piece;
  piece.length = length;
  piece.offset = offset;
  piece.path = std::make_shared<const std::string>(path);
  Add(std::move(piece));
}

void Rope::AppendFile(std::shared_ptr<const OpenFile> file, std::uint64_t length) {
  Piece piece;
  piece.length = length;
  piece.open_file = std::move(file);
  Add(std::move(piece));
}

void Rope::AppendLazy(std::uint64_t length, std::function<void(const Take&)> read) {
  Piece piece;
  piece.length = length;
  piece.lazy = std::make_shared<const std::function<void(const Take&)>>(std::move(read));
  Add(std::move(piece));
}

Rope Rope::Part(std::uint64_t offset, std::uint64_t length) const {
  Rope part;
  for (const Piece& piece : pieces_) {
    const std::uint64_t skipped = std::min(offset, piece.length);
    offset -= skipped;
    Piece cut = piece;
    cut.offset += skipped;
    cut.length = std::min(piece.length - skipped, length);
    length -= cut.length;
    part.Add(std::move(cut));
    if (length == 0) break;
  }
  return part;
}

// The piece may be a part of what the function gives.
void Rope::ReadLazy(const Piece& piece, const Take& take) {
  std::uint64_t position = 0;
  const std::uint64_t end = piece.offset + piece.length;
  (*piece.lazy)([&](std::string_view bytes) {
    const std::uint64_t from = std::clamp(piece.offset, position, position + bytes.size());
    const std::uint64_t to = std::clamp(end, position, position + bytes.size());
    if (from < to) take(bytes.substr(from - position, to - from));
    position += bytes.size();
  });
  if (position < end) throw Error("became shorter while it was read");
}

void Rope::ReadPiece(const Piece& piece, const Take& take) {
  if (piece.bytes != nullptr) {
    return take(std::string_view(*piece.bytes).substr(piece.offset, piece.length));
  }
  if (piece.open_file != nullptr) {
    return ReadRange(piece.open_file->descriptor(), "temporary file", piece.offset, piece.length,
                     take);
  }
  if (piece.lazy != nullptr) return ReadLazy(piece, take);
  const int descriptor = open(piece.path->c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) throw Error(*piece.path + ": " + std::strerror(errno));
  const OpenFile file(descriptor);
  ReadRange(descriptor, *piece.path, piece.offset, piece.length, take);
}

void Rope::Read(const Take& take) const {
  for (const Piece& piece : pieces_) ReadPiece(piece, take);
}

std::string Rope::ToString() const {
  std::string all;
  all.reserve(size_);
  Read([&](std::string_view bytes) { all += bytes; });
  return all;
}

void Spool::Append(std::string_view bytes) {
  memory_ += bytes;
  if (memory_.size() > kInMemory) Spill();
}

void Spool::Spill() {
  if (file_ == nullptr) {
    std::string name = (std::filesystem::temp_directory_path() / "watertight-XXXXXX").string();
    const int descriptor = mkostemp(name.data(), O_CLOEXEC);
    if (descriptor < 0) throw Error(name + ": " + std::strerror(errno));
    file_ = std::make_shared<const OpenFile>(descriptor);
    unlink(name.c_str());
  }
  WriteAll(file_->descriptor(), memory_, "temporary file");
  spilled_ += memory_.size();
  memory_.clear();
}

Rope Spool::Take() {
  Rope rope;
  if (file_ == nullptr) {
    rope.Append(std::move(memory_));
    return rope;
  }
  Spill();
  rope.AppendFile(file_, spilled_);
  return rope;
}

}  // namespace watertight::generator
