// One entry of a layer tar, with all the metadata that the tar stores for it.
//
//   for (const watertight::Entry& entry : image.layers()[2].entries())
//     std::cout << entry.path() << " " << entry.size() << "\n";
//
// An Entry is a small view into its layer's index: cheap to copy, valid as long as a copy of its
// Image lives. Reading it from several threads is safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace watertight {

class Layer;

enum class EntryType : std::uint8_t {
  kFile,
  kDirectory,
  kSymlink,
  kHardlink,
  kCharDevice,
  kBlockDevice,
  kFifo,
  kWhiteout,  // .wh.NAME: deletes NAME of the layers below
  kOpaque,    // .wh..wh..opq: hides what the layers below have in its directory
};

// The words of the JSON contract: "file", "directory", "symlink", "hardlink", "char", "block",
// "fifo", "whiteout", "opaque".
const char* ToString(EntryType type);
void PrintTo(EntryType type, std::ostream* out);

// Permission bits with setuid, setgid and sticky; prints as 0755.
struct Mode {
  std::uint16_t bits = 0;  // at most 07777

  friend auto operator<=>(const Mode&, const Mode&) = default;
};

std::string ToString(Mode mode);
void PrintTo(Mode mode, std::ostream* out);

namespace internal {
struct LayerTables;

// What every entry has, packed. The bytes of its path follow, and what few entries have
// (framework/image/entry_record.h).
struct EntryRecord {
  std::uint64_t size = 0;
  std::int64_t mtime = 0;
  std::uint32_t content_block = 0;  // offset of the content in the layer tar, in blocks of 512
  std::uint32_t path_size = 0;
  std::uint32_t owner = 0;  // index into the layer's owners
  std::uint16_t mode = 0;
  EntryType type = EntryType::kFile;
  std::uint8_t flags = 0;  // EntryFlag

  std::string_view path() const { return {reinterpret_cast<const char*>(this + 1), path_size}; }
};

inline constexpr EntryRecord kNoEntry;
}  // namespace internal

class Entry {
 public:
  Entry() = default;

  // Cleaned: bytes, without leading "/" and "./", "..", empty components and trailing slash. Of a
  // whiteout, the path that it removes; of an opaque marker, its directory; of a whiteout that
  // names nothing (".wh."), its own. Empty for the root.
  std::string_view path() const { return record_->path(); }
  // The name as the tar stores it.
  std::string_view stored_name() const;
  EntryType type() const { return record_->type; }
  Mode mode() const { return Mode{record_->mode}; }
  std::uint32_t uid() const;
  std::uint32_t gid() const;
  std::string_view uname() const;
  std::string_view gname() const;
  // Bytes of content; 0 for anything but a file. Of a sparse file, the expanded size.
  std::uint64_t size() const { return record_->size; }
  // Seconds since 1970, before it negative. A fraction stands in mtime_nanoseconds().
  std::int64_t mtime() const { return record_->mtime; }
  std::uint32_t mtime_nanoseconds() const;
  // Target of a symlink or hard link, as stored; else empty.
  std::string_view link() const;
  // Made anew by each call: keep what you go on using. xattrs: from SCHILY.xattr.* and
  // LIBARCHIVE.xattr.* (decoded); values are bytes. pax: every PAX record, the xattrs' too, as
  // stored.
  std::map<std::string, std::string> xattrs() const;
  std::map<std::string, std::string> pax() const;
  std::uint32_t device_major() const;
  std::uint32_t device_minor() const;
  bool sparse() const;
  // Where the entry stands in the uncompressed layer tar, in bytes: its first header, and its
  // content.
  std::uint64_t header_offset() const;
  std::uint64_t content_offset() const { return std::uint64_t{512} * record_->content_block; }
  // Bytes in the tar; less than size() for a sparse file.
  std::uint64_t stored_size() const;

  // The content of a file; empty for other types (a hard link's content is that of its target: see
  // RootfsEntry). Throws: Error, kLimitExceeded when size() > limit.
  std::string Read(std::uint64_t limit = std::uint64_t{1} << 30) const;
  // The content in pieces of at most 1 MiB. Throws: Error.
  void ReadTo(const std::function<void(std::string_view)>& sink) const;

 private:
  friend class EntryTable;

  const internal::EntryRecord* record_ = &internal::kNoEntry;
  const internal::LayerTables* tables_ = nullptr;
};

static_assert(sizeof(Entry) <= 16, "a layer may hold a million entries");

void PrintTo(const Entry& entry, std::ostream* out);

}  // namespace watertight
