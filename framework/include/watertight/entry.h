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

// What few entries have: kept apart so that an Entry stays small.
struct EntryExtra {
  std::string stored_name;  // the name as stored, when it differs from path()
  std::string link;         // target of a symlink or hard link, as stored
  std::map<std::string, std::string>
      xattrs;  // from SCHILY.xattr.*, LIBARCHIVE.xattr.* (decoded); values are bytes
  std::map<std::string, std::string>
      pax;  // every PAX record of the entry, the xattrs' too, as stored
  std::uint32_t mtime_nanoseconds = 0;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::uint64_t stored_size = 0;  // bytes in the tar; less than size() for a sparse file
  std::uint64_t header_offset =
      0;  // of the first header that belongs to the entry, PAX and GNU ones included
  bool sparse = false;
};

namespace internal {
struct LayerTables;
}

class Entry {
 public:
  Entry() = default;

  // Cleaned: bytes, without leading "/" and "./", "..", empty components and trailing slash. Of a
  // whiteout, the path that it removes; of an opaque marker, its directory; of a whiteout that
  // names nothing (".wh."), its own. Empty for the root.
  std::string_view path() const { return {path_, path_size_}; }
  // The name as the tar stores it.
  std::string_view stored_name() const;
  EntryType type() const { return type_; }
  Mode mode() const { return Mode{mode_}; }
  std::uint32_t uid() const { return uid_; }
  std::uint32_t gid() const { return gid_; }
  std::string_view uname() const;
  std::string_view gname() const;
  // Bytes of content; 0 for anything but a file. Of a sparse file, the expanded size.
  std::uint64_t size() const { return size_; }
  // Seconds since 1970, before it negative. A fraction stands in mtime_nanoseconds().
  std::int64_t mtime() const { return mtime_; }
  std::uint32_t mtime_nanoseconds() const { return extra().mtime_nanoseconds; }
  // Target of a symlink or hard link, as stored; else empty.
  std::string_view link() const { return extra().link; }
  const std::map<std::string, std::string>& xattrs() const { return extra().xattrs; }
  const std::map<std::string, std::string>& pax() const { return extra().pax; }
  std::uint32_t device_major() const { return extra().device_major; }
  std::uint32_t device_minor() const { return extra().device_minor; }
  bool sparse() const { return extra().sparse; }
  // Where the entry stands in the uncompressed layer tar, in bytes: its first header, and its
  // content.
  std::uint64_t header_offset() const;
  std::uint64_t content_offset() const { return content_offset_; }
  std::uint64_t stored_size() const { return sparse() ? extra().stored_size : size_; }

  // The content of a file; empty for other types (a hard link's content is that of its target: see
  // RootfsEntry). Throws: Error, kLimitExceeded when size() > limit.
  std::string Read(std::uint64_t limit = std::uint64_t{1} << 30) const;
  // The content in pieces of at most 1 MiB. Throws: Error.
  void ReadTo(const std::function<void(std::string_view)>& sink) const;

 private:
  friend class EntryTable;
  friend class RootfsBuilder;

  const EntryExtra& extra() const;

  const char* path_ = nullptr;
  std::uint32_t path_size_ = 0;
  std::uint16_t mode_ = 0;
  EntryType type_ = EntryType::kFile;
  std::uint8_t flags_ = 0;  // internal::EntryFlag
  std::uint32_t uid_ = 0;
  std::uint32_t gid_ = 0;
  std::uint64_t size_ = 0;
  std::int64_t mtime_ = 0;
  std::uint64_t content_offset_ = 0;
  std::uint32_t extra_ = 0;  // 0: none, else an index into the layer's extras
  std::uint16_t uname_ = 0;  // indexes into the layer's owner names
  std::uint16_t gname_ = 0;
  const internal::LayerTables* tables_ = nullptr;
};

static_assert(sizeof(Entry) <= 64, "a layer may hold a million entries");

void PrintTo(const Entry& entry, std::ostream* out);

}  // namespace watertight
