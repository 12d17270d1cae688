#include "generator/build/file_tree.h"

#include <algorithm>
#include <utility>

namespace watertight::generator {
namespace {

constexpr int kMostLinks = 40;  // as Linux: the next symbolic link is ELOOP

// The components of a path, last first.
std::vector<std::string> Reversed(std::string_view path) {
  std::vector<std::string> components;
  while (!path.empty()) {
    const size_t slash = path.rfind('/');
    const std::string_view last = slash == path.npos ? path : path.substr(slash + 1);
    if (!last.empty() && last != ".") components.emplace_back(last);
    path = slash == path.npos ? std::string_view() : path.substr(0, slash);
  }
  return components;
}

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? "" : path.substr(0, slash);
}

std::string NameOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? path : path.substr(slash + 1);
}

std::string Below(const std::string& directory, const std::string& name) {
  return directory.empty() ? name : directory + "/" + name;
}

Resolved Failed(std::errc error) { return {.error = error, .path = {}}; }

}  // namespace

FileTree::FileTree() {
  Inode root;
  root.type = FileType::kDirectory;
  inodes_.push_back(std::make_shared<Inode>(std::move(root)));
}

Resolved FileTree::Resolve(std::string_view path, Follow follow,
                           const MaySearch& may_search) const {
  std::vector<std::string> left = Reversed(path);
  std::vector<InodeNumber> way = {0};
  std::string real;
  int links = 0;
  const bool must_be_directory = path.ends_with('/') || path.ends_with("/.");
  while (!left.empty()) {
    const std::string name = std::move(left.back());
    left.pop_back();
    const Inode& directory = Get(way.back());
    if (!directory.is_directory()) return Failed(std::errc::not_a_directory);
    if (may_search && !may_search(directory)) return Failed(std::errc::permission_denied);
    if (name == "..") {
      if (way.size() > 1) way.pop_back();
      real = ParentOf(real);
      continue;
    }
    const auto found = directory.names.find(name);
    if (found == directory.names.end()) {
      if (!left.empty()) return Failed(std::errc::no_such_file_or_directory);
      return {.error = {}, .path = Below(real, name)};
    }
    const Inode& inode = Get(found->second.inode);
    const bool last = left.empty() && !must_be_directory;
    if (inode.is_symlink() && (!last || follow == Follow::kYes)) {
      if (++links > kMostLinks) return Failed(std::errc::too_many_symbolic_link_levels);
      const std::vector<std::string> target = Reversed(inode.link);
      left.insert(left.end(), target.begin(), target.end());
      if (inode.link.starts_with('/')) {
        way.resize(1);
        real.clear();
      }
      continue;
    }
    way.push_back(found->second.inode);
    real = Below(real, name);
  }
  const Inode& inode = Get(way.back());
  if (must_be_directory && !inode.is_directory()) return Failed(std::errc::not_a_directory);
  return {.error = {}, .path = real, .inode = &inode, .number = way.back()};
}

const Inode* FileTree::Find(std::string_view path, Follow follow) const {
  return Resolve(path, follow).inode;
}

// The inode for writing: copies of this tree keep the old one.
Inode& FileTree::Mutable(InodeNumber number) {
  std::shared_ptr<Inode>& inode = inodes_[number];
  if (inode.use_count() > 1) inode = std::make_shared<Inode>(*inode);
  return *inode;
}

InodeNumber FileTree::Store(Inode inode) {
  inodes_.push_back(std::make_shared<Inode>(std::move(inode)));
  return static_cast<InodeNumber>(inodes_.size() - 1);
}

Inode& FileTree::CopyUpDirectory(std::string_view path) {
  std::vector<InodeNumber> way = {0};
  std::vector<std::string> left = Reversed(path);
  for (; !left.empty(); left.pop_back()) {
    const InodeNumber next = Get(way.back()).names.find(left.back())->second.inode;
    // What is above a mount point is another file system.
    if (MountWithRoot(next) != nullptr) way.clear();
    way.push_back(next);
  }
  for (const InodeNumber number : way) {
    if (Get(number).layer == layer_) continue;
    Inode& directory = Mutable(number);
    directory.layer = layer_;
    directory.whiteouts.clear();
    directory.opaque = false;
  }
  return Mutable(way.back());
}

// Requires: `path` is real, its parent a directory that has no such name.
void FileTree::Enter(const std::string& path, InodeNumber number) {
  Inode& parent = CopyUpDirectory(ParentOf(path));
  NamedInode entry{.inode = number, .layer = layer_};
  const auto whiteout = parent.whiteouts.find(NameOf(path));
  if (whiteout != parent.whiteouts.end()) {
    entry.hides_lower = true;
    parent.whiteouts.erase(whiteout);
  }
  if (Get(number).is_directory() && entry.hides_lower) Mutable(number).opaque = true;
  parent.names[NameOf(path)] = entry;
  parent.attributes.mtime = clock_;
}

// Requires: `path` is real and exists.
void FileTree::Erase(const std::string& path, bool renames) {
  Inode& parent = CopyUpDirectory(ParentOf(path));
  const auto entry = parent.names.find(NameOf(path));
  if (entry->second.layer != layer_ || entry->second.hides_lower) {
    constexpr std::uint32_t kSetGroupId = 02000;
    const bool group = renames && (parent.attributes.mode & kSetGroupId) != 0;
    parent.whiteouts[entry->first] = {
        .mtime = clock_, .renamed = renames, .gid = group ? parent.attributes.gid : 0};
  }
  parent.names.erase(entry);
  parent.attributes.mtime = clock_;
}

std::errc FileTree::Make(std::string_view path, const Inode& node) {
  const Resolved at = Resolve(path, Follow::kNo);
  if (at.error != std::errc()) return at.error;
  if (at.inode != nullptr) return std::errc::file_exists;
  if (IsReadOnly(ParentOf(at.path))) return std::errc::read_only_file_system;
  Inode inode = node;
  inode.layer = layer_;
  Enter(at.path, Store(std::move(inode)));
  return {};
}

std::errc FileTree::MakeDirectory(std::string_view path, const Attributes& attributes) {
  Inode node;
  node.type = FileType::kDirectory;
  node.attributes = attributes;
  return Make(path, node);
}

std::errc FileTree::MakeFile(std::string_view path, const Attributes& attributes, Rope content) {
  Inode node;
  node.attributes = attributes;
  node.content = std::move(content);
  return Make(path, node);
}

std::errc FileTree::MakeSymlink(std::string_view path, const Attributes& attributes,
                                std::string target) {
  Inode node;
  node.type = FileType::kSymlink;
  node.attributes = attributes;
  node.link = std::move(target);
  return Make(path, node);
}

std::errc FileTree::Modify(std::string_view path, Follow follow,
                           const std::function<void(Inode&)>& change) {
  const Resolved at = Resolve(path, follow);
  if (at.error != std::errc()) return at.error;
  if (at.inode == nullptr) return std::errc::no_such_file_or_directory;
  if (IsReadOnly(at.path)) return std::errc::read_only_file_system;
  if (MountWithRoot(at.number) != nullptr) {
    if (change) change(Mutable(at.number));
    return {};
  }
  if (at.inode->is_directory()) {
    Inode& directory = CopyUpDirectory(at.path);
    if (change) change(directory);
    return {};
  }
  Inode& parent = CopyUpDirectory(ParentOf(at.path));
  NamedInode& entry = parent.names.find(NameOf(at.path))->second;
  if (Get(entry.inode).layer != layer_ && keeps_links_) {
    Mutable(entry.inode).layer = layer_;
  } else if (Get(entry.inode).layer != layer_) {
    Inode copy = Get(entry.inode);
    copy.layer = layer_;
    entry = {.inode = Store(std::move(copy)), .layer = layer_, .hides_lower = true};
  }
  if (change) change(Mutable(entry.inode));
  return {};
}

std::errc FileTree::Link(std::string_view existing, std::string_view path) {
  const Resolved source = Resolve(existing, Follow::kNo);
  if (source.error != std::errc()) return source.error;
  if (source.inode == nullptr) return std::errc::no_such_file_or_directory;
  if (source.inode->is_directory()) return std::errc::operation_not_permitted;
  const Resolved at = Resolve(path, Follow::kNo);
  if (at.error != std::errc()) return at.error;
  if (at.inode != nullptr) return std::errc::file_exists;
  if (MountOf(source.path) != MountOf(ParentOf(at.path))) return std::errc::cross_device_link;
  if (IsReadOnly(source.path)) return std::errc::read_only_file_system;
  const std::string target = source.path;
  if (!keeps_links_) Modify(target, Follow::kNo);
  Enter(at.path, Resolve(target, Follow::kNo).number);
  return {};
}

std::errc FileTree::Remove(std::string_view path) {
  const Resolved at = Resolve(path, Follow::kNo);
  if (at.error != std::errc()) return at.error;
  if (at.inode == nullptr) return std::errc::no_such_file_or_directory;
  if (at.path.empty() || MountWithRoot(at.number) != nullptr) {
    return std::errc::device_or_resource_busy;
  }
  if (IsReadOnly(at.path)) return std::errc::read_only_file_system;
  if (!at.inode->names.empty()) return std::errc::directory_not_empty;
  Erase(at.path);
  return {};
}

std::errc FileTree::RemoveAll(std::string_view path) {
  const Resolved at = Resolve(path, Follow::kNo);
  if (at.error != std::errc()) return at.error;
  if (at.inode == nullptr) return std::errc::no_such_file_or_directory;
  if (at.path.empty() || HoldsMount(at)) return std::errc::device_or_resource_busy;
  if (IsReadOnly(at.path)) return std::errc::read_only_file_system;
  // A deletion bottom up leaves what one at the top does: nothing below a removed directory counts.
  Erase(at.path);
  return {};
}

// Whether a lower layer has that directory, so that an overlay cannot rename it.
// Requires: `path` is real and exists.
bool FileTree::IsLower(const std::string& path) const {
  const NamedInode& entry = Find(ParentOf(path))->names.find(NameOf(path))->second;
  return entry.layer != layer_ && MountOf(path) == nullptr;
}

std::errc FileTree::Rename(std::string_view from, std::string_view to) {
  const Resolved source = Resolve(from, Follow::kNo);
  if (source.error != std::errc()) return source.error;
  if (source.inode == nullptr) return std::errc::no_such_file_or_directory;
  const Resolved target = Resolve(to, Follow::kNo);
  if (target.error != std::errc()) return target.error;
  if (source.path.empty() || target.path.empty()) return std::errc::device_or_resource_busy;
  if (MountWithRoot(source.number) != nullptr ||
      (target.inode != nullptr && MountWithRoot(target.number) != nullptr)) {
    return std::errc::device_or_resource_busy;
  }
  if (MountOf(source.path) != MountOf(ParentOf(target.path))) return std::errc::cross_device_link;
  if (IsReadOnly(source.path)) return std::errc::read_only_file_system;
  if (target.inode != nullptr) {
    // In lower layers, names of one file are files of their own to an overlay.
    const bool same = target.number == source.number && source.inode->layer == layer_;
    if (same || target.path == source.path) return {};
    if (source.inode->is_directory() && !target.inode->is_directory()) {
      return std::errc::not_a_directory;
    }
    if (!source.inode->is_directory() && target.inode->is_directory()) {
      return std::errc::is_a_directory;
    }
  }
  const bool directory = source.inode->is_directory();
  if (directory && (target.path + "/").starts_with(source.path + "/")) {
    return std::errc::invalid_argument;
  }
  if (directory && IsLower(source.path)) return std::errc::cross_device_link;
  if (target.inode != nullptr && !target.inode->names.empty()) {
    return std::errc::directory_not_empty;
  }
  const std::string source_path = source.path;
  const std::string target_path = target.path;
  if (!directory) Modify(source_path, Follow::kNo);
  const InodeNumber number = Resolve(source_path, Follow::kNo).number;
  if (target.inode != nullptr) Erase(target_path);
  Erase(source_path, true);
  Enter(target_path, number);
  // An overlay makes a directory that it moved below one of a lower layer opaque in any case.
  const std::string parent = ParentOf(target_path);
  if (directory && (parent.empty() || IsLower(parent))) Mutable(number).opaque = true;
  return {};
}

void FileTree::Restore(std::string_view path, const FileTree& earlier) {
  const Resolved at = earlier.Resolve(path, Follow::kNo);
  const NamedInode& entry = earlier.Find(ParentOf(at.path))->names.find(NameOf(at.path))->second;
  Inode& parent = CopyUpDirectory(ParentOf(at.path));
  parent.names[NameOf(at.path)] = entry;
  parent.attributes.mtime = clock_;
  inodes_[entry.inode] = earlier.inodes_[entry.inode];
  earlier.Walk(at.path, [&](const std::string&, const Inode&, InodeNumber number) {
    inodes_[number] = earlier.inodes_[number];
  });
}

std::vector<Change> FileTree::Changes() const {
  std::vector<Change> changes;
  if (RootChanged()) Collect("", Get(0), changes);
  return changes;
}

void FileTree::Collect(const std::string& prefix, const Inode& directory,
                       std::vector<Change>& into) const {
  auto whiteout = directory.whiteouts.begin();
  const auto whiteouts_before = [&](const std::string* name) {
    for (; whiteout != directory.whiteouts.end() && (name == nullptr || whiteout->first < *name);
         ++whiteout) {
      into.push_back({.kind = Change::Kind::kWhiteout,
                      .path = Below(prefix, whiteout->first),
                      .whiteout = whiteout->second});
    }
  };
  for (const auto& [name, entry] : directory.names) {
    const Inode& inode = Get(entry.inode);
    const bool changed = inode.layer == layer_ && (inode.is_directory() || entry.layer == layer_);
    if (!changed) continue;
    whiteouts_before(&name);
    const std::string path = Below(prefix, name);
    into.push_back({.path = path, .inode = &inode, .number = entry.inode});
    if (!inode.is_directory()) continue;
    if (inode.opaque) {
      into.push_back({.kind = Change::Kind::kOpaque, .path = path, .inode = &inode});
    }
    Collect(path, inode, into);
  }
  whiteouts_before(nullptr);
}

void FileTree::Walk(std::string_view path, const Visit& visit) const {
  const Resolved at = Resolve(path, Follow::kNo);
  if (at.inode != nullptr) WalkBelow(at.path, *at.inode, visit);
}

void FileTree::WalkBelow(const std::string& prefix, const Inode& directory,
                         const Visit& visit) const {
  for (const auto& [name, entry] : directory.names) {
    const std::string path = Below(prefix, name);
    const Inode& inode = Get(entry.inode);
    visit(path, inode, entry.inode);
    if (inode.is_directory()) WalkBelow(path, inode, visit);
  }
}

}  // namespace watertight::generator
