#include "framework/image/entry_table.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "framework/image/path.h"
#include "framework/image/xattrs.h"

namespace watertight {
namespace {

constexpr std::string_view kWhiteoutPrefix = ".wh.";
constexpr std::string_view kOpaqueName = ".wh..wh..opq";

EntryType TypeOf(char type) {
  constexpr std::array<EntryType, 6> kTypes = {EntryType::kHardlink,   EntryType::kSymlink,
                                               EntryType::kCharDevice, EntryType::kBlockDevice,
                                               EntryType::kDirectory,  EntryType::kFifo};
  return type >= '1' && type <= '6' ? kTypes[static_cast<std::size_t>(type - '1')]
                                    : EntryType::kFile;
}

std::string Joined(std::string_view parent, std::string_view name) {
  if (parent.empty()) return std::string(name);
  return std::string(parent) + "/" + std::string(name);
}

bool NeedsExtra(const TarEntry& tar, bool keeps_name) {
  return keeps_name || !tar.link.empty() || !tar.pax.empty() || tar.mtime_nanoseconds != 0 ||
         tar.device_major != 0 || tar.device_minor != 0 || tar.sparse ||
         tar.header_offset + 512 != tar.content_offset;
}

}  // namespace

std::string_view Arena::Copy(std::string_view bytes) {
  constexpr std::size_t kBlock = std::size_t{64} << 10;
  if (used_ + bytes.size() > capacity_) {
    capacity_ = std::max(kBlock, bytes.size());
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(capacity_));
    used_ = 0;
  }
  char* at = blocks_.empty() ? nullptr : blocks_.back().get() + used_;
  if (!bytes.empty()) memcpy(at, bytes.data(), bytes.size());
  used_ += bytes.size();
  return {at, bytes.size()};
}

EntryTable::EntryTable() : tables_(std::make_unique<internal::LayerTables>()) {}

void EntryTable::Add(const TarEntry& tar) {
  CleanedName cleaned = CleanName(tar.name);
  Entry entry;
  entry.type_ = TypeOf(tar.type);
  std::uint8_t flags = 0;
  if (cleaned.escapes_root) {
    flags |= internal::kEscapesRoot;
    notes_.push_back({"ambiguous-path", std::nullopt, cleaned.path,
                      "the name " + Printable(tar.name) + " leaves the root; it is kept inside"});
  }
  const auto [parent, name] = SplitParent(cleaned.path);
  bool renamed = false;
  if (name == kOpaqueName) {
    entry.type_ = EntryType::kOpaque;
    cleaned.path = std::string(parent);
    renamed = true;
  } else if (name.starts_with(kWhiteoutPrefix)) {
    entry.type_ = EntryType::kWhiteout;
    const std::string_view target = name.substr(kWhiteoutPrefix.size());
    if (target.empty() || target == "." || target == "..") {
      flags |= internal::kNamesNothing;
      notes_.push_back(
          {"invalid-whiteout", std::nullopt, cleaned.path,
           "the whiteout " + Printable(tar.name) + " names nothing; it removes nothing"});
    } else {
      cleaned.path = Joined(parent, target);
      renamed = true;
    }
  }
  if (!renamed && tar.name.size() == cleaned.path.size() + 1 && tar.name.back() == '/' &&
      !cleaned.path.empty()) {
    flags |= internal::kTrailingSlash;
  }
  const bool keeps_name =
      renamed || ((flags & internal::kTrailingSlash) == 0 && tar.name != cleaned.path);
  // A trailing slash stands in the arena behind the path, so that stored_name() is a view of both.
  if ((flags & internal::kTrailingSlash) != 0) cleaned.path += '/';
  std::string_view path = tables_->arena.Copy(cleaned.path);
  if ((flags & internal::kTrailingSlash) != 0) path.remove_suffix(1);
  entry.path_ = path.data();
  entry.path_size_ = static_cast<std::uint32_t>(path.size());
  entry.flags_ = flags;
  entry.mode_ = tar.mode;
  entry.uid_ = tar.uid;
  entry.gid_ = tar.gid;
  entry.uname_ = Owner(tar.uname);
  entry.gname_ = Owner(tar.gname);
  entry.mtime_ = tar.mtime;
  entry.size_ = entry.type_ == EntryType::kFile || entry.type_ == EntryType::kWhiteout ||
                        entry.type_ == EntryType::kOpaque
                    ? tar.size
                    : 0;
  entry.content_offset_ = tar.content_offset;
  entry.tables_ = tables_.get();
  if (NeedsExtra(tar, keeps_name)) {
    EntryExtra extra;
    if (keeps_name) extra.stored_name = tar.name;
    extra.link = tar.link;
    extra.xattrs = DecodeXattrs(tar.pax);
    extra.pax = tar.pax;
    extra.mtime_nanoseconds = tar.mtime_nanoseconds;
    extra.device_major = tar.device_major;
    extra.device_minor = tar.device_minor;
    extra.stored_size = tar.stored_size;
    extra.header_offset = tar.header_offset;
    extra.sparse = tar.sparse;
    entry.extra_ = static_cast<std::uint32_t>(tables_->extras.size());
    tables_->extras.push_back(std::move(extra));
  }
  entries_.push_back(entry);
}

std::uint16_t EntryTable::Owner(const std::string& name) {
  if (name.empty()) return 0;
  const auto known = owner_index_.find(name);
  if (known != owner_index_.end()) return known->second;
  // More names than an index can hold is no real image; the surplus shows as none.
  if (tables_->owners.size() > UINT16_MAX) return 0;
  const auto index = static_cast<std::uint16_t>(tables_->owners.size());
  tables_->owners.push_back(name);
  owner_index_.emplace(name, index);
  return index;
}

Entry EntryTable::Directory(std::string_view path, const internal::LayerTables* tables) {
  Entry entry;
  entry.path_ = path.data();
  entry.path_size_ = static_cast<std::uint32_t>(path.size());
  entry.type_ = EntryType::kDirectory;
  entry.mode_ = 0755;
  entry.tables_ = tables;
  return entry;
}

Entry EntryTable::Renamed(const Entry& entry, std::string_view path) {
  Entry renamed = entry;
  renamed.path_ = path.data();
  renamed.path_size_ = static_cast<std::uint32_t>(path.size());
  return renamed;
}

}  // namespace watertight
