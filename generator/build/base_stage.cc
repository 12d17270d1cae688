#include "generator/build/base_stage.h"

#include <map>
#include <utility>

#include "generator/error.h"

namespace watertight::generator {
namespace {

Inode NodeOf(const BaseEntry& entry) {
  Inode node;
  node.type = static_cast<FileType>(entry.type);
  node.attributes = {.mode = entry.mode,
                     .uid = entry.uid,
                     .gid = entry.gid,
                     .mtime = entry.mtime,
                     .xattrs = entry.xattrs};
  node.content = entry.content;
  if (node.is_symlink()) node.link = entry.link;
  node.device_major = entry.device_major;
  node.device_minor = entry.device_minor;
  return node;
}

}  // namespace

FileTree TreeOf(const BaseImage& image) {
  if (image.files != nullptr) return *image.files;
  FileTree tree;
  for (const BaseEntry& entry : image.rootfs) {
    if (entry.type == '1') {
      tree.Link(entry.link, entry.path);
    } else {
      tree.Make(entry.path, NodeOf(entry));
    }
  }
  // Making what is in a directory changed its time.
  for (const BaseEntry& entry : image.rootfs) {
    if (entry.type != '5') continue;
    tree.Modify(entry.path, Follow::kNo,
                [&](Inode& inode) { inode.attributes.mtime = entry.mtime; });
  }
  tree.BeginLayer();
  return tree;
}

std::vector<BaseEntry> EntriesOf(const FileTree& files) {
  std::vector<BaseEntry> entries;
  std::map<InodeNumber, std::string> seen;
  files.Walk("", [&](const std::string& path, const Inode& inode, InodeNumber number) {
    const Attributes& attributes = inode.attributes;
    BaseEntry entry{.path = path,
                    .type = static_cast<char>(inode.type),
                    .mode = attributes.mode,
                    .uid = attributes.uid,
                    .gid = attributes.gid,
                    .mtime = attributes.mtime,
                    .link = inode.link,
                    .device_major = inode.device_major,
                    .device_minor = inode.device_minor,
                    .xattrs = attributes.xattrs,
                    .content = inode.content};
    const auto [first, is_new] = seen.emplace(number, path);
    if (!is_new) {
      entry.type = '1';
      entry.link = first->second;
      entry.content = Rope();
    }
    entries.push_back(std::move(entry));
  });
  return entries;
}

StageBuild StageFromImage(const BaseImage& image, const Scope& scope) {
  const Json document = ParseJson(image.config, image.name + ": its configuration");
  StageBuild stage{.scope = scope,
                   .files = TreeOf(image),
                   .config = ReadImageConfig(document, image.name + ": its configuration"),
                   .author = document.TextOf("author"),
                   .history = ReadHistory(document, image.name + ": its configuration"),
                   .layers = image.layers,
                   .base_name = image.name,
                   .base_config = image.config,
                   .base_document = document,
                   .base_steps = image.steps};
  stage.base_history = stage.history.size();
  stage.base_layers = stage.layers.size();
  return stage;
}

}  // namespace watertight::generator
