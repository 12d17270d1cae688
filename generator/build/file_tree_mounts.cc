// Mounts: what hides a part of the tree for a while.

#include <algorithm>
#include <utility>

#include "generator/build/file_tree.h"

namespace watertight::generator {
namespace {

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? "" : path.substr(0, slash);
}

}  // namespace

const FileTree::MountPoint* FileTree::MountWithRoot(InodeNumber number) const {
  const auto found = std::ranges::find(mounts_, number, &MountPoint::root);
  return found == mounts_.end() ? nullptr : &*found;
}

const FileTree::MountPoint* FileTree::MountOf(std::string_view path) const {
  if (mounts_.empty()) return nullptr;
  const MountPoint* mount = nullptr;
  InodeNumber number = 0;
  while (!path.empty()) {
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(name.size() + 1, path.size()));
    if (name.empty()) continue;
    const auto entry = Get(number).names.find(name);
    if (entry == Get(number).names.end()) break;
    number = entry->second.inode;
    if (const MountPoint* here = MountWithRoot(number)) mount = here;
  }
  return mount;
}

bool FileTree::IsReadOnly(std::string_view path) const {
  const MountPoint* mount = MountOf(path);
  return mount != nullptr && mount->read_only;
}

bool FileTree::HoldsMount(const Resolved& at) const {
  if (mounts_.empty()) return false;
  bool holds = MountWithRoot(at.number) != nullptr;
  WalkBelow(at.path, *at.inode, [&](const std::string&, const Inode&, InodeNumber number) {
    holds = holds || MountWithRoot(number) != nullptr;
  });
  return holds;
}

// Copies a file with all below it into this tree, without a name.
InodeNumber FileTree::Graft(const FileTree& other, InodeNumber number,
                            std::map<InodeNumber, InodeNumber>& grafted) {
  const auto known = grafted.find(number);
  if (known != grafted.end()) return known->second;
  Inode inode = other.Get(number);
  inode.layer = layer_;
  inode.whiteouts.clear();
  inode.opaque = false;
  for (auto& [name, entry] : inode.names) {
    entry = {.inode = Graft(other, entry.inode, grafted), .layer = layer_};
  }
  return grafted[number] = Store(std::move(inode));
}

std::errc FileTree::Mount(std::string_view path, const FileTree& files, std::string_view source,
                          bool read_only) {
  const Resolved from = files.Resolve(source, Follow::kYes);
  if (from.error != std::errc()) return from.error;
  if (from.inode == nullptr) return std::errc::no_such_file_or_directory;
  const Resolved at = Resolve(path, Follow::kYes);
  if (at.error != std::errc()) return at.error;
  if (at.path.empty()) return std::errc::device_or_resource_busy;
  if (at.inode != nullptr && at.inode->is_directory() != from.inode->is_directory()) {
    return std::errc::not_a_directory;
  }
  std::map<InodeNumber, InodeNumber> grafted;
  MountPoint mount{.parent = Resolve(ParentOf(at.path), Follow::kNo).number,
                   .name = at.path.substr(at.path.rfind('/') + 1),
                   .hidden = {},
                   .root = Graft(files, from.number, grafted),
                   .read_only = read_only};
  Inode& parent = Mutable(mount.parent);
  const auto entry = parent.names.find(mount.name);
  if (entry != parent.names.end()) mount.hidden = entry->second;
  // The name alone changes its meaning: nothing is copied up.
  parent.names[mount.name] = {.inode = mount.root, .layer = layer_};
  mounts_.push_back(std::move(mount));
  return {};
}

FileTree FileTree::Unmount() {
  const MountPoint mount = std::move(mounts_.back());
  mounts_.pop_back();
  Inode& parent = Mutable(mount.parent);
  if (mount.hidden) {
    parent.names[mount.name] = *mount.hidden;
  } else {
    parent.names.erase(mount.name);
  }
  FileTree files;
  files.set_clock(clock_);
  if (!Get(mount.root).is_directory()) return files;
  std::map<InodeNumber, InodeNumber> grafted;
  const InodeNumber root = files.Graft(*this, mount.root, grafted);
  files.inodes_[0] = files.inodes_[root];
  return files;
}

}  // namespace watertight::generator
