#include "generator/build/kaniko_layer.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include "generator/archives/tar_writer.h"
#include "generator/build/tree_paths.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kCapability = "security.capability";
// pkg/util, and the mounts of a container.
constexpr std::string_view kIgnored[] = {
    "dev",    "etc/hostname", "etc/hosts", "etc/mtab", "etc/resolv.conf",
    "kaniko", "proc",         "sys",       "var/run",  "workspace",
};
constexpr std::uint64_t kNanoseconds = 1'000'000'000;
constexpr std::uint64_t kHashStart = 14695981039346656037U;  // FNV-1a
constexpr std::uint64_t kHashStep = 1099511628211U;

std::string WithoutSlashes(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return std::string(path);
}

bool IsBelow(const std::string& path, const std::string& above) {
  return path.starts_with(above) && path.size() > above.size() && path[above.size()] == '/';
}

bool IsBelowVolume(const std::string& path, const std::set<std::string>& volumes) {
  return std::ranges::any_of(
      volumes, [&](const std::string& volume) { return IsBelow(path, WithoutSlashes(volume)); });
}

bool IsExactlyIgnored(std::string_view path) {
  return std::ranges::find(kIgnored, path) != std::end(kIgnored);
}

// Times go to the nanosecond, which no two files and no two layers have in common.
std::string WithFraction(std::int64_t seconds, const std::string& path, size_t layer) {
  std::uint64_t hash = (kHashStart + layer) * kHashStep;
  for (const char c : path) hash = (hash ^ static_cast<unsigned char>(c)) * kHashStep;
  std::string digits = std::to_string(hash % kNanoseconds);
  digits.insert(0, 9 - digits.size(), '0');
  digits.back() = static_cast<char>('1' + hash % 9);  // Go cuts zeros off
  return std::to_string(seconds) + "." + digits;
}

class LayerWriter {
 public:
  explicit LayerWriter(const KanikoRoot& root) : root_(root), files_(root.files) {}

  void AddWhiteout(const std::string& path) {
    AddParents(path);
    const size_t slash = path.rfind('/');
    const size_t name = slash == std::string::npos ? 0 : slash + 1;
    TarEntry entry;
    entry.name = path.substr(0, name) + ".wh." + path.substr(name);
    entry.mode = 0;
    AppendTarEntry(made_.tar, entry, TarForm::kGo);
    made_.changes.push_back({.kind = Change::Kind::kWhiteout, .path = path});
  }

  void AddFile(const std::string& path) {
    AddParents(path);
    AddEntry(path);
  }

  KanikoTar Finish() {
    AppendTarEnd(made_.tar, {});
    return std::move(made_);
  }

 private:
  void AddParents(const std::string& path) {
    AddEntry("");
    for (size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      AddEntry(path.substr(0, slash));
    }
  }

  void AddEntry(const std::string& path) {
    if (!added_.insert(path).second) return;
    const Resolved found = files_.Resolve(path, Follow::kNo);
    if (found.inode == nullptr) return;
    const Inode& inode = *found.inode;
    TarEntry entry;
    entry.type = static_cast<char>(inode.type);
    entry.name = path + (inode.is_directory() ? "/" : "");
    entry.mode = inode.is_symlink() ? 0777 : inode.attributes.mode;
    entry.uid = inode.attributes.uid;
    entry.gid = inode.attributes.gid;
    entry.mtime = inode.attributes.mtime;
    entry.link = inode.link;
    entry.device_major = inode.device_major;
    entry.device_minor = inode.device_minor;
    SetRecords(entry, inode, path);
    if (!inode.is_directory() && !LinkToFirst(entry, found.number, path)) {
      entry.content = inode.content;
    }
    AppendTarEntry(made_.tar, entry, TarForm::kGo);
    if (!path.empty()) {
      made_.changes.push_back({.path = path, .inode = &inode, .number = found.number});
    }
  }

  // Kaniko hands all times of a file to the tar; reading and changing one are of the build.
  void SetRecords(TarEntry& entry, const Inode& inode, const std::string& path) const {
    const std::string now = WithFraction(files_.clock(), path, root_.layer);
    entry.pax["atime"] = now;
    entry.pax["ctime"] = now;
    const std::int64_t mtime = inode.attributes.mtime;
    const bool of_build = mtime == files_.clock() || mtime == files_.clock() - 1;
    if (of_build) entry.pax["mtime"] = WithFraction(mtime, path, root_.layer);
    const auto capability = inode.attributes.xattrs.find(std::string(kCapability));
    if (capability == inode.attributes.xattrs.end()) return;
    entry.pax["SCHILY.xattr." + capability->first] = capability->second;
  }

  bool LinkToFirst(TarEntry& entry, InodeNumber number, const std::string& path) {
    const auto [link, first] = links_.try_emplace(number, path);
    if (first) return false;
    entry.type = '1';
    entry.link = "/" + link->second;
    return true;
  }

  const KanikoRoot& root_;
  const FileTree& files_;
  KanikoTar made_;
  std::set<std::string> added_;
  std::map<InodeNumber, std::string> links_;
};

// Whiteouts first, then files, each in the order of the bytes of their whole paths.
struct Paths {
  std::set<std::string> whiteouts;
  std::set<std::string> files;
};

KanikoTar Write(const Paths& paths, const KanikoRoot& root) {
  LayerWriter writer(root);
  for (const std::string& path : paths.whiteouts) writer.AddWhiteout(path);
  for (const std::string& path : paths.files) writer.AddFile(path);
  return writer.Finish();
}

// The first symbolic link on the way to a path, or the path itself (filesystem.ResolvePaths).
std::string FirstLink(const FileTree& files, const std::string& path) {
  for (size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const Inode* inode = files.Find(path.substr(0, slash));
    if (inode != nullptr && inode->is_symlink()) return path.substr(0, slash);
  }
  return path;
}

// What is stored for a path: the link that it goes through, and what it leads to.
void AddResolved(const KanikoRoot& root, const std::string& path, std::set<std::string>& into) {
  if (IsExactlyIgnored(path) || root.files.Find(path) == nullptr) return;
  into.insert(FirstLink(root.files, path));
  const Resolved target = root.files.Resolve(path, Follow::kYes);
  const bool there = target.error == std::errc() && target.inode != nullptr;
  const bool ignored =
      there && (IsIgnoredByKaniko(target.path) || IsBelowVolume(target.path, root.volumes));
  if (there && !ignored) into.insert(target.path);
}

class Comparison {
 public:
  Comparison(const FileTree& before, const KanikoRoot& root)
      : before_(before), root_(root), after_(root.files) {}

  Paths Run() {
    Paths paths;
    if (Differs(&before_.Get(0), after_.Get(0))) paths.files.insert("");
    Walk(after_, [&](const std::string& path, const Inode& inode) {
      if (Differs(before_.Find(path), inode)) AddResolved(root_, path, paths.files);
    });
    Walk(before_, [&](const std::string& path, const Inode&) {
      const bool told = std::ranges::any_of(
          paths.whiteouts, [&](const std::string& above) { return IsBelow(path, above); });
      if (!told && after_.Find(path) == nullptr && IsDirectory(path)) paths.whiteouts.insert(path);
    });
    return paths;
  }

 private:
  // Whether a path that is gone was in what still is a directory.
  bool IsDirectory(const std::string& path) const {
    const Inode* above = after_.Find(DirName("/" + path));
    return above != nullptr && above->is_directory();
  }

  void Walk(const FileTree& files,
            const std::function<void(const std::string&, const Inode&)>& visit) const {
    files.Walk("", [&](const std::string& path, const Inode& inode, InodeNumber) {
      if (!IsIgnoredByKaniko(path) && !IsBelowVolume(path, root_.volumes)) visit(path, inode);
    });
  }

  // Times count to the nanosecond: what was written just now is never as it was.
  bool Differs(const Inode* old, const Inode& now) const {
    if (old == nullptr) return true;
    if (old == &now) return false;
    const Attributes& a = old->attributes;
    const Attributes& b = now.attributes;
    if (now.layer == after_.layer() && b.mtime == after_.clock()) return true;
    return old->type != now.type || a.mode != b.mode || a.uid != b.uid || a.gid != b.gid ||
           a.mtime != b.mtime || old->content.size() != now.content.size() || old->link != now.link;
  }

  const FileTree& before_;
  const KanikoRoot& root_;
  const FileTree& after_;
};

}  // namespace

bool IsIgnoredByKaniko(const std::string& path) {
  return std::ranges::any_of(kIgnored, [&](std::string_view ignored) {
    return path == ignored || IsBelow(path, std::string(ignored));
  });
}

KanikoTar KanikoSnapshot(const FileTree& before, const KanikoRoot& root) {
  return Write(Comparison(before, root).Run(), root);
}

KanikoTar KanikoFiles(const KanikoRoot& root, const std::vector<std::string>& paths) {
  Paths resolved;
  for (const std::string& path : paths) AddResolved(root, WithoutSlashes(path), resolved.files);
  for (const std::string& volume : root.volumes) {
    AddResolved(root, WithoutSlashes(volume), resolved.files);
  }
  return Write(resolved, root);
}

}  // namespace watertight::generator
