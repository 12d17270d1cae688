#include "generator/build/layer_tar.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "generator/archives/tar_writer.h"
#include "generator/build/debian_names.h"
#include "generator/build/tree_diff.h"
#include "generator/build/tree_paths.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kWhiteout = ".wh.";
constexpr std::string_view kOpaque = ".wh..wh..opq";

// How one store writes headers.
struct LayerStyle {
  bool compares = false;    // two trees, rather than what an overlay recorded
  bool by_path = false;     // a/b behind a.b, as their bytes are; else folders stay together
  bool type_bits = false;   // file type bits in modes
  bool host_names = false;  // user and group names of the machine that builds
  std::uint32_t whiteout_mode = 0600;
  bool whiteout_time = true;  // of the deletion; else 0
  bool user_xattrs = false;   // all extended attributes, not just capabilities
  bool nameless_whiteouts = false;
  bool linked_whiteouts = false;  // they have the first one's name as a link
};

LayerStyle StyleOf(const FileRules& rules, Store store) {
  switch (rules.family) {
    case Family::kBuildah:
      return {.compares = true,
              .by_path = true,
              .type_bits = true,
              .whiteout_mode = 0,
              .user_xattrs = true};
    case Family::kKaniko:
      return {.compares = true, .whiteout_mode = 0, .whiteout_time = false};
    case Family::kClassic:
    case Family::kBuildKit:
      break;
  }
  if (store == Store::kContainerd) {
    return {.compares = true, .whiteout_mode = 0, .whiteout_time = false};
  }
  return {
      .type_bits = rules.old_headers, .host_names = rules.old_headers, .linked_whiteouts = true};
}

class LayerWriter {
 public:
  explicit LayerWriter(const LayerStyle& style) : style_(style) {}

  void Add(const Change& change) {
    switch (change.kind) {
      case Change::Kind::kEntry:
        AddEntry(change);
        break;
      case Change::Kind::kWhiteout:
        AddWhiteout(change);
        break;
      case Change::Kind::kOpaque:
        AddOpaque(change);
        break;
    }
  }

  Rope Finish() {
    AppendTarEnd(tar_, {});
    return tar_;
  }

 private:
  void SetOwner(TarEntry& entry, std::int64_t uid, std::int64_t gid) const {
    entry.uid = uid;
    entry.gid = gid;
    if (!style_.host_names) return;
    entry.uname = DebianUser(uid);
    entry.gname = DebianGroup(gid);
  }

  void AddEntry(const Change& change) {
    const Inode& inode = *change.inode;
    TarEntry entry;
    entry.type = static_cast<char>(inode.type);
    entry.name = change.path + (inode.is_directory() ? "/" : "");
    entry.mode = inode.is_symlink() ? 0777 : inode.attributes.mode;
    if (style_.type_bits) entry.mode = WithTypeBits(entry.type, entry.mode);
    SetOwner(entry, inode.attributes.uid, inode.attributes.gid);
    entry.mtime = inode.attributes.mtime;
    entry.link = inode.link;
    entry.device_major = inode.device_major;
    entry.device_minor = inode.device_minor;
    for (const auto& [name, value] : inode.attributes.xattrs) {
      if (name == "security.capability" || (style_.user_xattrs && name.starts_with("user."))) {
        entry.pax["SCHILY.xattr." + name] = value;
      }
    }
    if (!inode.is_directory()) {
      const auto [link, first] = links_.try_emplace(change.number, change.path);
      if (!first) {
        entry.type = '1';
        entry.link = link->second;
      } else if (inode.is_regular()) {
        entry.content = inode.content;
      }
    }
    AppendTarEntry(tar_, entry, TarForm::kGo);
  }

  void AddWhiteout(const Change& change) {
    const size_t slash = change.path.rfind('/');
    const size_t name = slash == change.path.npos ? 0 : slash + 1;
    TarEntry entry;
    entry.name = change.path.substr(0, name) + std::string(kWhiteout) + change.path.substr(name);
    entry.mode = style_.whiteout_mode;
    if (!style_.nameless_whiteouts) {
      SetOwner(entry, 0, style_.linked_whiteouts ? change.whiteout.gid : 0);
    }
    entry.mtime = style_.whiteout_time ? change.whiteout.mtime : 0;
    if (style_.linked_whiteouts && !change.whiteout.renamed)
      entry.link = FirstWhiteout(change.path);
    AppendTarEntry(tar_, entry, TarForm::kGo);
  }

  // Of whiteouts that are one file the first has no link. Docker's archiver sees the links before
  // it turns the devices, which whiteouts are on disk, into files.
  std::string FirstWhiteout(const std::string& path) {
    if (!first_whiteout_.empty()) return first_whiteout_;
    first_whiteout_ = path;
    return "";
  }

  void AddOpaque(const Change& change) {
    TarEntry entry;
    entry.name = change.path + "/" + std::string(kOpaque);
    entry.mode = change.inode->attributes.mode & 0777;
    SetOwner(entry, change.inode->attributes.uid, change.inode->attributes.gid);
    AppendTarEntry(tar_, entry, TarForm::kGo);
  }

  LayerStyle style_;
  std::string first_whiteout_;
  Rope tar_;
  std::map<InodeNumber, std::string> links_;
};

}  // namespace

Rope LayerTar(const FileTree& before, const FileTree& after, const FileRules& rules, Store store) {
  const LayerStyle style = StyleOf(rules, store);
  LayerWriter writer(style);
  auto changes = style.compares ? CompareTrees(before, after) : after.Changes();
  if (style.by_path) std::ranges::stable_sort(changes, {}, &Change::path);
  for (const Change& change : changes) writer.Add(change);
  return writer.Finish();
}

Rope MergedLayerTar(const FileTree& before, const FileTree& after, const FileRules& rules) {
  std::vector<Change> changes = CompareTrees(before, after);
  std::ranges::stable_sort(changes, {}, &Change::path);
  LayerWriter writer({.type_bits = rules.old_headers,
                      .host_names = rules.old_headers,
                      .whiteout_mode = 0,
                      .nameless_whiteouts = true});
  for (const Change& change : changes) writer.Add(change);
  return writer.Finish();
}

Rope WholeTreeTar(const FileTree& tree, const FileRules& rules) {
  LayerWriter writer({.type_bits = rules.old_headers, .host_names = rules.old_headers});
  tree.Walk("", [&](const std::string& path, const Inode& inode, InodeNumber number) {
    writer.Add({.path = path, .inode = &inode, .number = number});
  });
  return writer.Finish();
}

}  // namespace watertight::generator
