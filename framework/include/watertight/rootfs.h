// The merged root filesystem: what a container of the image sees before it runs.
//
//   const watertight::RootfsEntry* file = image.rootfs().Find("app/server");
//   if (file != nullptr) std::cout << file->mode().bits << " from layer " << file->layer();
//
// Layers apply by the rules of docs/whiteouts.md (OCI image-spec layer.md, and one stated reading
// where that is silent).

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "watertight/entry.h"

namespace watertight {

// One path of the rootfs. A hard link is a file with the attributes, size and content of what it
// links to. A parent directory that no layer states is a directory 0755, 0:0 of the layer that
// needed it.
class RootfsEntry {
 public:
  std::string_view path() const { return named_->path(); }
  EntryType type() const { return content_->type(); }
  Mode mode() const { return content_->mode(); }
  std::uint32_t uid() const { return content_->uid(); }
  std::uint32_t gid() const { return content_->gid(); }
  std::uint64_t size() const { return content_->size(); }
  std::int64_t mtime() const { return content_->mtime(); }
  std::string_view link() const { return content_->link(); }
  // The layer whose entry put the path here; of a hard link, the layer of the link, not of its
  // target.
  int layer() const { return layer_; }
  // The entry that holds the attributes and bytes, and its layer: another one than entry() for a
  // hard link.
  const Entry& content() const { return *content_; }
  int content_layer() const { return content_layer_; }
  const Entry& entry() const { return *named_; }

  std::string Read(std::uint64_t limit = std::uint64_t{1} << 30) const {
    return content_->Read(limit);
  }
  void ReadTo(const std::function<void(std::string_view)>& sink) const { content_->ReadTo(sink); }

 private:
  friend class RootfsBuilder;

  const Entry* named_ = nullptr;
  const Entry* content_ = nullptr;
  int layer_ = 0;
  int content_layer_ = 0;
};

void PrintTo(const RootfsEntry& entry, std::ostream* out);

enum class RemovalKind : std::uint8_t {
  kDeleted,      // by an explicit whiteout
  kOpaque,       // by an opaque marker of a directory above it
  kOverwritten,  // by an entry of the same path, or of another type in a parent's place
};

// "deleted", "opaque", "overwritten".
const char* ToString(RemovalKind kind);
void PrintTo(RemovalKind kind, std::ostream* out);

struct Removal {
  int layer = 0;
  RemovalKind how = RemovalKind::kDeleted;

  friend bool operator==(const Removal&, const Removal&) = default;
};

void PrintTo(const Removal& removal, std::ostream* out);

// One entry that a layer stores, and what became of it.
struct StoredEntry {
  int layer = 0;
  const Entry* entry = nullptr;
  bool visible = false;               // the rootfs row of this path comes from this entry
  std::optional<Removal> removed_by;  // empty when visible, and for a hard link without a target
};

void PrintTo(const StoredEntry& stored, std::ostream* out);

// Rows sorted by the bytes of their paths; the root directory itself is not among them.
class Rootfs {
 public:
  using value_type = RootfsEntry;
  using const_iterator = std::vector<RootfsEntry>::const_iterator;
  using iterator = const_iterator;
  using const_reference = const RootfsEntry&;
  using size_type = std::size_t;

  const_iterator begin() const { return rows_.begin(); }
  const_iterator end() const { return rows_.end(); }
  std::size_t size() const { return rows_.size(); }
  bool empty() const { return rows_.empty(); }

  // The row of a path, with or without a leading slash; a symlink is not followed. Null when there
  // is none.
  const RootfsEntry* Find(std::string_view path) const;
  // The same, following symlinks inside the root, at most 40 of them. Null when there is none, or
  // for a loop.
  const RootfsEntry* Resolve(std::string_view path) const;

 private:
  friend class RootfsBuilder;

  std::vector<RootfsEntry> rows_;
};

}  // namespace watertight
