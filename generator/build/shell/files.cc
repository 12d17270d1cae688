// The system calls on names: permissions first, then what the tree does.

#include <utility>

#include "generator/build/shell/process.h"

namespace watertight::generator {
namespace {

constexpr std::uint32_t kSetUser = 04000;
constexpr std::uint32_t kSetGroup = 02000;
constexpr std::uint32_t kSticky = 01000;
constexpr std::size_t kLongestName = 255;
constexpr std::size_t kLongestPath = 4095;

std::string ParentOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  return slash == path.npos ? "" : path.substr(0, slash);
}

std::string_view LastName(std::string_view path) {
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.substr(path.rfind('/') + 1);
}

std::errc CheckLength(std::string_view path) {
  if (path.empty()) return std::errc::no_such_file_or_directory;
  if (path.size() > kLongestPath) return std::errc::filename_too_long;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t slash = std::min(path.find('/', begin), path.size());
    if (slash - begin > kLongestName) return std::errc::filename_too_long;
    begin = slash + 1;
  }
  return {};
}

}  // namespace

bool Process::May(const Inode& inode, Permission permission) const {
  const std::uint32_t mode = inode.attributes.mode;
  if (credentials.is_root()) {
    return permission != Permission::kExecute || inode.is_directory() || (mode & 0111) != 0;
  }
  int shift = 0;
  if (inode.attributes.uid == credentials.uid) {
    shift = 6;
  } else if (credentials.InGroup(inode.attributes.gid)) {
    shift = 3;
  }
  return (mode >> shift & static_cast<std::uint32_t>(permission)) != 0;
}

// Where a path leads: with `error` none and no inode for a name that does not exist yet.
Found Process::Walk(std::string_view path, Follow follow) const {
  const std::errc length = CheckLength(path);
  if (length != std::errc()) return {.error = length, .path = {}};
  FileTree::MaySearch may_search;
  if (!credentials.is_root()) {
    may_search = [this](const Inode& inode) { return May(inode, Permission::kExecute); };
  }
  Resolved at = tree().Resolve(Absolute(path), follow, may_search);
  return {.error = at.error, .path = std::move(at.path), .inode = at.inode, .number = at.number};
}

Found Process::Stat(std::string_view path, Follow follow) const {
  Found found = Walk(path, follow);
  if (found && found.inode == nullptr) found.error = std::errc::no_such_file_or_directory;
  return found;
}

std::errc Process::Access(std::string_view path, Permission permission) const {
  const Found found = Stat(path);
  if (!found) return found.error;
  return May(*found.inode, permission) ? std::errc() : std::errc::permission_denied;
}

std::errc Process::ReadDirectory(std::string_view path, std::vector<std::string>& names) const {
  const Found found = Stat(path);
  if (!found) return found.error;
  if (!found.inode->is_directory()) return std::errc::not_a_directory;
  if (!May(*found.inode, Permission::kRead)) return std::errc::permission_denied;
  for (const auto& [name, entry] : found.inode->names) names.push_back(name);
  return {};
}

// Whether names in the directory above may change; with `victim`, whether that one may go.
std::errc Process::MayChangeParent(const std::string& path, const Inode* victim) const {
  const Inode* parent = tree().Find(ParentOf(path));
  if (parent == nullptr) return std::errc::no_such_file_or_directory;
  if (!May(*parent, Permission::kWrite) || !May(*parent, Permission::kExecute)) {
    return std::errc::permission_denied;
  }
  const bool sticky = victim != nullptr && (parent->attributes.mode & kSticky) != 0;
  if (sticky && !credentials.is_root() && victim->attributes.uid != credentials.uid &&
      parent->attributes.uid != credentials.uid) {
    return std::errc::operation_not_permitted;
  }
  return {};
}

// Makes `node`, owned by this process, its mode less the umask.
std::errc Process::MakeAt(std::string_view path, Inode node) {
  const Found at = Walk(path, Follow::kNo);
  if (!at) return at.error;
  if (at.inode != nullptr) return std::errc::file_exists;
  if (!node.is_directory() && path.ends_with('/')) return std::errc::no_such_file_or_directory;
  const std::errc allowed = MayChangeParent(at.path, nullptr);
  if (allowed != std::errc()) return allowed;
  const Inode& parent = *tree().Find(ParentOf(at.path));
  const bool inherits = (parent.attributes.mode & kSetGroup) != 0;
  node.attributes.uid = credentials.uid;
  node.attributes.gid = inherits ? parent.attributes.gid : credentials.gid;
  node.attributes.mtime = clock();
  if (!node.is_symlink()) node.attributes.mode &= ~umask;
  if (node.is_directory() && inherits) node.attributes.mode |= kSetGroup;
  return machine_->tree.Make("/" + at.path, node);
}

std::errc Process::MakeDirectory(std::string_view path, std::uint32_t mode) {
  Inode node;
  node.type = FileType::kDirectory;
  // The kernel takes no setuid or setgid bit here.
  node.attributes.mode = mode & (0777 | kSticky);
  return MakeAt(path, std::move(node));
}

std::errc Process::MakeSymlink(std::string_view target, std::string_view path) {
  if (target.empty()) return std::errc::no_such_file_or_directory;
  Inode node;
  node.type = FileType::kSymlink;
  node.attributes.mode = 0777;
  node.link = target;
  return MakeAt(path, std::move(node));
}

std::errc Process::MakeNode(std::string_view path, const Inode& node) {
  const bool device = node.type == FileType::kCharDevice || node.type == FileType::kBlockDevice;
  const bool may = credentials.is_root() && machine_->may_make_devices;
  if (device && !may) return std::errc::operation_not_permitted;
  return MakeAt(path, node);
}

std::errc Process::Link(std::string_view existing, std::string_view path, Follow follow) {
  const Found source = Stat(existing, follow);
  if (!source) return source.error;
  const Found at = Walk(path, Follow::kNo);
  if (!at) return at.error;
  if (at.inode != nullptr) return std::errc::file_exists;
  if (source.inode->is_directory()) return std::errc::operation_not_permitted;
  // fs.protected_hardlinks, which is on wherever images are built.
  const Attributes& attributes = source.inode->attributes;
  const bool safe = source.inode->is_regular() && (attributes.mode & 04000) == 0 &&
                    (attributes.mode & 02010) != 02010 && May(*source.inode, Permission::kRead) &&
                    May(*source.inode, Permission::kWrite);
  if (!credentials.is_root() && attributes.uid != credentials.uid && !safe) {
    return std::errc::operation_not_permitted;
  }
  const std::errc allowed = MayChangeParent(at.path, nullptr);
  if (allowed != std::errc()) return allowed;
  return machine_->tree.Link("/" + source.path, "/" + at.path);
}

std::errc Process::Remove(std::string_view path) {
  const Found found = Stat(path, Follow::kNo);
  if (!found) return found.error;
  if (found.inode->is_directory()) return std::errc::is_a_directory;
  const std::errc allowed = MayChangeParent(found.path, found.inode);
  if (allowed != std::errc()) return allowed;
  return machine_->tree.Remove("/" + found.path);
}

std::errc Process::RemoveDirectory(std::string_view path) {
  const std::string_view last = LastName(path);
  if (last == ".") return std::errc::invalid_argument;
  const Found found = Stat(path, Follow::kNo);
  if (!found) return found.error;
  if (last == "..") return std::errc::directory_not_empty;
  if (!found.inode->is_directory()) return std::errc::not_a_directory;
  if (found.path.empty()) return std::errc::device_or_resource_busy;
  const std::errc allowed = MayChangeParent(found.path, found.inode);
  if (allowed != std::errc()) return allowed;
  return machine_->tree.Remove("/" + found.path);
}

std::errc Process::Rename(std::string_view from, std::string_view to) {
  const Found source = Stat(from, Follow::kNo);
  if (!source) return source.error;
  const Found target = Walk(to, Follow::kNo);
  if (!target) return target.error;
  for (const std::string_view path : {from, to}) {
    const std::string_view last = LastName(path);
    if (last.empty() || last == "." || last == "..") return std::errc::device_or_resource_busy;
  }
  if (to.ends_with('/') && !source.inode->is_directory()) return std::errc::not_a_directory;
  for (const Found* at : {&source, &target}) {
    const std::errc allowed = MayChangeParent(at->path, at->inode);
    if (allowed != std::errc()) return allowed;
  }
  // A directory that moves gets another "..", which is a change of its own.
  const bool moves = ParentOf(source.path) != ParentOf(target.path);
  if (source.inode->is_directory() && moves && !May(*source.inode, Permission::kWrite)) {
    return std::errc::permission_denied;
  }
  return machine_->tree.Rename("/" + source.path, "/" + target.path);
}

std::errc Process::SetMode(std::string_view path, std::uint32_t mode) {
  const Found found = Stat(path);
  if (!found) return found.error;
  const Attributes& old = found.inode->attributes;
  if (!credentials.is_root()) {
    if (old.uid != credentials.uid) return std::errc::operation_not_permitted;
    if (!credentials.InGroup(old.gid)) mode &= ~kSetGroup;
  }
  return machine_->tree.Modify("/" + found.path, Follow::kNo,
                               [&](Inode& inode) { inode.attributes.mode = mode & 07777; });
}

std::errc Process::SetOwner(std::string_view path, const Owner& owner, Follow follow) {
  const Found found = Stat(path, follow);
  if (!found) return found.error;
  const Attributes& old = found.inode->attributes;
  if (!credentials.is_root() && (owner.uid || owner.gid)) {
    const bool mine = old.uid == credentials.uid;
    const bool same_user = !owner.uid || *owner.uid == old.uid;
    const bool own_group = !owner.gid || *owner.gid == old.gid || credentials.InGroup(*owner.gid);
    if (!mine || !same_user || !own_group) return std::errc::operation_not_permitted;
  }
  return machine_->tree.Modify("/" + found.path, Follow::kNo, [&](Inode& inode) {
    Attributes& attributes = inode.attributes;
    if (owner.uid) attributes.uid = *owner.uid;
    if (owner.gid) attributes.gid = *owner.gid;
    if (!inode.is_regular()) return;
    // chown(2): what runs as its owner must not do so for a new one.
    attributes.mode &= ~kSetUser;
    if ((attributes.mode & 0010) != 0) attributes.mode &= ~kSetGroup;
    attributes.xattrs.erase("security.capability");
  });
}

std::errc Process::SetTime(std::string_view path, std::optional<std::int64_t> mtime,
                           Follow follow) {
  const Found found = Stat(path, follow);
  if (!found) return found.error;
  if (!credentials.is_root() && found.inode->attributes.uid != credentials.uid) {
    if (mtime) return std::errc::operation_not_permitted;
    if (!May(*found.inode, Permission::kWrite)) return std::errc::permission_denied;
  }
  const std::int64_t time = mtime.value_or(clock());
  return machine_->tree.Modify("/" + found.path, Follow::kNo,
                               [&](Inode& inode) { inode.attributes.mtime = time; });
}

std::errc Process::Truncate(std::string_view path, std::uint64_t size) {
  const Found found = Stat(path);
  if (!found) return found.error;
  if (found.inode->is_directory()) return std::errc::is_a_directory;
  if (!found.inode->is_regular()) return std::errc::invalid_argument;
  if (!May(*found.inode, Permission::kWrite)) return std::errc::permission_denied;
  return machine_->tree.Modify("/" + found.path, Follow::kNo, [&](Inode& inode) {
    const std::uint64_t old = inode.content.size();
    if (size < old) inode.content = inode.content.Part(0, size);
    if (size > old) inode.content.AppendZeros(size - old);
    inode.attributes.mtime = clock();
  });
}

std::errc Process::SetExtendedAttributes(std::string_view path,
                                         const std::map<std::string, std::string>& attributes) {
  const Found found = Stat(path);
  if (!found) return found.error;
  if (!credentials.is_root() && found.inode->attributes.uid != credentials.uid) {
    return std::errc::operation_not_permitted;
  }
  return machine_->tree.Modify("/" + found.path, Follow::kNo,
                               [&](Inode& inode) { inode.attributes.xattrs = attributes; });
}

std::errc Process::ChangeDirectory(std::string_view path) {
  const Found found = Stat(path);
  if (!found) return found.error;
  if (!found.inode->is_directory()) return std::errc::not_a_directory;
  if (!May(*found.inode, Permission::kExecute)) return std::errc::permission_denied;
  directory = "/" + found.path;
  return {};
}

}  // namespace watertight::generator
