// The files of a stage while it is built, and what went into its uppermost layer.
//
// Models an overlay file system. Names in directories point to inodes. Whatever touches a file
// copies it and every directory above it into the uppermost layer, whether its bytes change or not;
// removing what lower layers hold leaves a whiteout, and a directory made anew in its place is
// opaque. A file of a lower layer that has several names is copied up under the touched name alone,
// which then is no hard link to the others any more.
//
//   FileTree tree;
//   tree.MakeDirectory("app", {.mode = 0755});
//   tree.MakeFile("app/secret.txt", {.mode = 0644}, Rope("hunter2\n"));
//   tree.BeginLayer();
//   tree.Remove("app/secret.txt");
//   for (const Change& change : tree.Changes()) …  // app, app/secret.txt as a whiteout
//
// A FileTree is a value; copies share inodes until one of them changes them, so that a stage can
// begin where another ended. Paths count from the root, with or without a leading slash; ".." and
// symbolic links are followed on the way, and never lead out of the root. Operations end as system
// calls do, with an error number, and know no permissions.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "generator/archives/rope.h"

namespace watertight::generator {

enum class FileType : char {
  kRegular = '0',  // the type bytes of tar
  kSymlink = '2',
  kCharDevice = '3',
  kBlockDevice = '4',
  kDirectory = '5',
  kFifo = '6',
};

struct Attributes {
  std::uint32_t mode = 0755;  // 07777
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::int64_t mtime = 0;  // seconds
  std::map<std::string, std::string> xattrs = {};
};

using InodeNumber = std::uint32_t;

// A name that is gone. Overlays keep one whiteout file, and link it to every name that is deleted;
// a rename makes one of its own, which a set-group-ID directory gives its group.
struct Whiteout {
  std::int64_t mtime = 0;  // of the deletion
  bool renamed = false;
  std::int64_t gid = 0;
};

// A name in a directory.
struct NamedInode {
  InodeNumber inode = 0;
  int layer = 0;             // that brought the name
  bool hides_lower = false;  // a lower layer has the name too
};

struct Inode {
  FileType type = FileType::kRegular;
  Attributes attributes;
  Rope content;      // of a regular file
  std::string link;  // of a symbolic link
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;

  int layer = 0;         // the uppermost that holds it
  bool implied = false;  // a directory of a context that was made up for what is in it

  // Of a directory. What it hides of lower layers is of the layer above alone.
  std::map<std::string, NamedInode, std::less<>> names;
  std::map<std::string, Whiteout, std::less<>> whiteouts;
  bool opaque = false;

  bool is_directory() const { return type == FileType::kDirectory; }
  bool is_symlink() const { return type == FileType::kSymlink; }
  bool is_regular() const { return type == FileType::kRegular; }
};

enum class Follow { kNo, kYes };  // whether a symbolic link at the end of a path is followed

// Where a path leads. `error` is none when the parent exists, although the name itself may not.
struct Resolved {
  std::errc error = {};
  std::string path;              // without links, without slash at either end; "" is the root
  const Inode* inode = nullptr;  // null for a name that does not exist
  InodeNumber number = 0;
};

// One entry of a layer, in the order of a walk over sorted names; an opaque directory is followed
// by kOpaque with its path.
struct Change {
  enum class Kind { kEntry, kWhiteout, kOpaque };
  Kind kind = Kind::kEntry;
  std::string path;  // of what is stored, or removed
  const Inode* inode =
      nullptr;             // of the entry or the opaque directory; valid until the tree changes
  InodeNumber number = 0;  // equal for hard links
  Whiteout whiteout = {};
};

class FileTree {
 public:
  // An empty root directory, 0755, 0:0.
  FileTree();

  // A file system that is copied whole for each layer, not an overlay: a file of a lower layer
  // keeps all its names when it changes.
  void set_keeps_links(bool keeps) { keeps_links_ = keeps; }

  // The time that changed directories and whiteouts get.
  void set_clock(std::int64_t seconds) { clock_ = seconds; }
  std::int64_t clock() const { return clock_; }

  // Whether the directory may be passed on the way.
  using MaySearch = std::function<bool(const Inode& directory)>;
  Resolved Resolve(std::string_view path, Follow follow, const MaySearch& may_search = {}) const;
  // Null when there is none.
  const Inode* Find(std::string_view path, Follow follow = Follow::kNo) const;
  const Inode& Get(InodeNumber number) const { return *inodes_[number]; }

  // The makers fail with file_exists where something is. The parent's time becomes the clock.
  std::errc MakeDirectory(std::string_view path, const Attributes& attributes);
  std::errc MakeFile(std::string_view path, const Attributes& attributes, Rope content);
  std::errc MakeSymlink(std::string_view path, const Attributes& attributes, std::string target);
  // A file of any kind, with `node.names` empty.
  std::errc Make(std::string_view path, const Inode& node);
  // A second name of a file; copies the file up.
  std::errc Link(std::string_view existing, std::string_view path);

  // Copies up what the path leads to and hands it to `change`, which may change all but the type
  // and the names. Without `change`, the file is only touched.
  std::errc Modify(std::string_view path, Follow follow,
                   const std::function<void(Inode&)>& change = {});

  // Changes a file of the uppermost layer, be it without a name by now.
  void ModifyOpen(InodeNumber number, const std::function<void(Inode&)>& change) {
    change(Mutable(number));
  }

  // A file, or an empty directory (else directory_not_empty).
  std::errc Remove(std::string_view path);
  // With everything below it.
  std::errc RemoveAll(std::string_view path);
  // As rename(2): cross_device_link for a directory that a lower layer holds.
  std::errc Rename(std::string_view from, std::string_view to);

  // Makes the directory again what it was in `earlier`, of which this tree is a changed copy; it
  // counts as never touched. Requires: `path` is real in both, and is not the root.
  void Restore(std::string_view path, const FileTree& earlier);

  // Mounts (file_tree_mounts.cc). What is mounted hides what is at that path; it is in no layer,
  // and neither are changes below it. Its root can be neither removed nor renamed. There may be
  // nothing at the path, if only its parent is a directory.
  //
  // Mounts a copy of what `source` leads to in `files`.
  std::errc Mount(std::string_view path, const FileTree& files, std::string_view source,
                  bool read_only);
  // Takes the last mount off. Returns the tree it has become, if it was a directory.
  FileTree Unmount();
  bool IsMounted() const { return !mounts_.empty(); }

  // From now on all changes go into a new layer.
  void BeginLayer() { ++layer_; }
  int layer() const { return layer_; }

  // What the uppermost layer holds. The root itself is no entry. Requires: nothing is mounted.
  std::vector<Change> Changes() const;
  // Whether the uppermost layer holds the root directory, as it does after any change below it.
  bool RootChanged() const { return inodes_[0]->layer == layer_; }

  // Calls `visit` with the path and inode of everything below `path`, in the order of a walk over
  // sorted names, directories before what is in them.
  using Visit =
      std::function<void(const std::string& path, const Inode& inode, InodeNumber number)>;
  void Walk(std::string_view path, const Visit& visit) const;

 private:
  Inode& Mutable(InodeNumber number);
  InodeNumber Store(Inode inode);
  // Copies the directory of that real path up, and those above it.
  Inode& CopyUpDirectory(std::string_view path);
  void Enter(const std::string& path, InodeNumber number);
  void Erase(const std::string& path, bool renames = false);
  bool IsLower(const std::string& path) const;
  struct MountPoint {
    InodeNumber parent = 0;
    std::string name;
    std::optional<NamedInode> hidden;
    InodeNumber root = 0;
    bool read_only = false;
  };
  const MountPoint* MountWithRoot(InodeNumber number) const;
  // The mount that a real path lies in; null for the tree itself.
  const MountPoint* MountOf(std::string_view path) const;
  bool IsReadOnly(std::string_view path) const;
  bool HoldsMount(const Resolved& at) const;
  InodeNumber Graft(const FileTree& other, InodeNumber number,
                    std::map<InodeNumber, InodeNumber>& grafted);

  void Collect(const std::string& prefix, const Inode& directory, std::vector<Change>& into) const;
  void WalkBelow(const std::string& prefix, const Inode& directory, const Visit& visit) const;

  std::vector<std::shared_ptr<Inode>> inodes_;  // 0 is the root
  std::vector<MountPoint> mounts_;
  bool keeps_links_ = false;
  int layer_ = 1;
  std::int64_t clock_ = 0;
};

}  // namespace watertight::generator
