#include "generator/build/base_stage.h"

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

FileTree TreeOf(const BaseImage& image) {
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

}  // namespace

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
                   .base_document = document};
  stage.base_history = stage.history.size();
  stage.base_layers = stage.layers.size();
  return stage;
}

}  // namespace watertight::generator
