#include "generator/build/kaniko_layer.h"

#include <map>
#include <string_view>
#include <vector>

#include "generator/archives/tar_writer.h"
#include "generator/build/tree_diff.h"
#include "generator/build/tree_paths.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kCapability = "security.capability";

bool IsBelow(const std::string& path, const std::set<std::string>& volumes) {
  for (const std::string& volume : volumes) {
    std::string_view name = volume;
    while (name.starts_with('/')) name.remove_prefix(1);
    while (name.ends_with('/')) name.remove_suffix(1);
    if (path == name || (path.starts_with(name) && path[name.size()] == '/')) return true;
  }
  return false;
}

class LayerWriter {
 public:
  explicit LayerWriter(const FileTree& files) : files_(files) {}

  void AddWhiteout(const std::string& path) {
    AddParents(path);
    const size_t slash = path.rfind('/');
    const size_t name = slash == std::string::npos ? 0 : slash + 1;
    TarEntry entry;
    entry.name = path.substr(0, name) + ".wh." + path.substr(name);
    entry.mode = 0;
    AppendTarEntry(tar_, entry, TarForm::kGo);
  }

  void AddFile(const std::string& path) {
    AddParents(path);
    AddEntry(path);
  }

  Rope Finish() {
    AppendTarEnd(tar_, {});
    return tar_;
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
    SetRecords(entry, inode);
    if (!inode.is_directory() && !LinkToFirst(entry, found.number, path)) {
      entry.content = inode.content;
    }
    AppendTarEntry(tar_, entry, TarForm::kGo);
  }

  // Kaniko hands all times of a file to the tar; reading and changing one are of the build.
  void SetRecords(TarEntry& entry, const Inode& inode) const {
    entry.pax["atime"] = std::to_string(files_.clock());
    entry.pax["ctime"] = std::to_string(files_.clock());
    const auto capability = inode.attributes.xattrs.find(std::string(kCapability));
    if (capability == inode.attributes.xattrs.end()) return;
    entry.pax["SCHILY.xattr." + capability->first] = capability->second;
  }

  bool LinkToFirst(TarEntry& entry, InodeNumber number, const std::string& path) {
    const auto [link, first] = links_.try_emplace(number, path);
    if (first) return false;
    entry.type = '1';
    entry.link = link->second;
    return true;
  }

  const FileTree& files_;
  Rope tar_;
  std::set<std::string> added_;
  std::map<InodeNumber, std::string> links_;
};

// Whiteouts first, then files, each in the order of the bytes of their whole paths.
struct Snapshot {
  std::set<std::string> whiteouts;
  std::set<std::string> files;
};

Rope Write(const Snapshot& snapshot, const FileTree& files) {
  LayerWriter writer(files);
  for (const std::string& path : snapshot.whiteouts) writer.AddWhiteout(path);
  for (const std::string& path : snapshot.files) writer.AddFile(path);
  return writer.Finish();
}

}  // namespace

Rope KanikoSnapshot(const FileTree& before, const FileTree& after,
                    const std::set<std::string>& volumes) {
  Snapshot snapshot;
  for (const Change& change : CompareTrees(before, after)) {
    if (IsBelow(change.path, volumes)) continue;
    if (change.kind == Change::Kind::kWhiteout) snapshot.whiteouts.insert(change.path);
    if (change.kind == Change::Kind::kEntry) snapshot.files.insert(change.path);
  }
  return Write(snapshot, after);
}

Rope KanikoFiles(const FileTree& after, const std::set<std::string>& volumes) {
  Snapshot snapshot;
  for (const Change& change : after.Changes()) {
    if (change.kind == Change::Kind::kEntry) snapshot.files.insert(change.path);
  }
  for (const std::string& volume : volumes) {
    const Resolved found = after.Resolve(volume, Follow::kNo);
    if (found.inode != nullptr) snapshot.files.insert(found.path);
  }
  return Write(snapshot, after);
}

}  // namespace watertight::generator
