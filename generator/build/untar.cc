#include "generator/build/untar.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "generator/build/copy_job.h"
#include "generator/build/tree_paths.h"
#include "generator/dockerfile/path_clean.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr char kHardLink = '1';
constexpr std::string_view kKinds = "023456";

void Check(std::errc error, const char* operation, const std::string& path) {
  if (error != std::errc())
    throw Error(std::string(operation) + " " + path + ": " + ErrnoText(error));
}

}  // namespace

Untar::Untar(FileTree& tree, std::string directory, UntarOptions options)
    : tree_(tree), directory_(std::move(directory)), options_(options) {
  MakeDirectories(tree_, directory_, ImpliedAttributes());
}

Attributes Untar::ImpliedAttributes() const {
  return {.mode = 0755,
          .uid = options_.implied_owner.uid,
          .gid = options_.implied_owner.gid,
          .mtime = tree_.clock()};
}

std::int64_t Untar::TimeOf(const UnpackedEntry& entry) const {
  return options_.old_times ? entry.attributes.mtime
                            : std::max<std::int64_t>(entry.attributes.mtime, 0);
}

void Untar::Put(const UnpackedEntry& entry) {
  const std::string name = CleanPath("/" + entry.name);
  const bool directory = entry.type == static_cast<char>(FileType::kDirectory);
  if (name == "/") {
    if (!options_.top || !directory) return;
    SetAttributes(entry, directory_);
    times_.emplace_back(directory_, TimeOf(entry));
    return;
  }
  const std::string parent = RootPathBelow(tree_, directory_, DirName(name));
  MakeDirectories(tree_, parent, ImpliedAttributes());
  const std::string path = JoinPath(parent, BaseName(name));
  const Inode* existing = tree_.Find(path);
  if (existing != nullptr && !(existing->is_directory() && directory)) tree_.RemoveAll(path);
  Create(entry, name, path);
  if (directory) times_.emplace_back(path, TimeOf(entry));
}

void Untar::Create(const UnpackedEntry& entry, const std::string& name, const std::string& path) {
  if (entry.type == kHardLink) {
    const std::string target =
        RootPathBelow(tree_, directory_, DirName(CleanPath("/" + entry.link)));
    Check(tree_.Link(JoinPath(target, BaseName(entry.link)), path), "link", name);
    const Inode* linked = tree_.Find(path);
    if (!linked->is_symlink()) SetAttributes(entry, path);
    return;
  }
  if (kKinds.find(entry.type) == std::string_view::npos) {
    throw Error("unhandled tar header type " + std::to_string(static_cast<int>(entry.type)));
  }
  if (tree_.Find(path) == nullptr) {
    Inode node;
    node.type = static_cast<FileType>(entry.type);
    node.link = node.is_symlink() ? entry.link : "";
    node.content = node.is_regular() ? entry.content : Rope();
    node.device_major = entry.device_major;
    node.device_minor = entry.device_minor;
    Check(tree_.Make(path, node), "open", name);
  }
  SetAttributes(entry, path);
}

void Untar::SetAttributes(const UnpackedEntry& entry, const std::string& path) {
  tree_.Modify(path, Follow::kNo, [&](Inode& inode) {
    inode.attributes = entry.attributes;
    inode.attributes.mode = inode.is_symlink() ? 0777 : entry.attributes.mode & 07777;
    inode.attributes.mtime = TimeOf(entry);
    if (!options_.owner) return;
    inode.attributes.uid = options_.owner->uid;
    inode.attributes.gid = options_.owner->gid;
  });
}

void Untar::Finish() {
  for (const auto& [path, time] : times_) {
    tree_.Modify(path, Follow::kNo, [mtime = time](Inode& directory) {
      if (directory.is_directory()) directory.attributes.mtime = mtime;
    });
  }
}

std::vector<UnpackedEntry> EntriesBelow(const FileTree& files, const std::string& directory) {
  std::vector<UnpackedEntry> entries;
  std::map<InodeNumber, std::string> links;
  const size_t prefix = directory == "/" ? 0 : directory.size();  // with the slash that paths lack
  files.Walk(directory, [&](const std::string& path, const Inode& inode, InodeNumber number) {
    if (inode.implied) return;
    UnpackedEntry& entry = entries.emplace_back();
    entry.name = path.substr(prefix);
    entry.type = static_cast<char>(inode.type);
    entry.attributes = inode.attributes;
    entry.link = inode.link;
    entry.content = inode.content;
    entry.device_major = inode.device_major;
    entry.device_minor = inode.device_minor;
    const auto [link, first] = links.try_emplace(number, entry.name);
    if (first) return;
    entry.type = kHardLink;
    entry.link = link->second;
    entry.content = Rope();
  });
  return entries;
}

}  // namespace watertight::generator
