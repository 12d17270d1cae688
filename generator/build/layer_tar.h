// From the changes of a tree to the tar of a layer, as the builder's store writes it.
//
//   const Rope tar = LayerTar(before, stage.files, FileRulesOf("buildkit-0.25"), Store::kOverlay2);
//
// A store writes what an overlay recorded (Docker's overlay2: an opaque marker where a directory
// was made anew), or compares two trees (containerd, buildah's vfs, kaniko: an explicit whiteout
// for each name that is gone; what is the same is left out).

#pragma once

#include <string_view>

#include "generator/archives/rope.h"
#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"

namespace watertight::generator {

enum class Store { kOverlay2, kContainerd };  // Docker's; buildah and kaniko have their own

// The store that an archive comes from.
inline Store StoreOf(std::string_view archive) {
  return archive == "docker-28-containerd" ? Store::kContainerd : Store::kOverlay2;
}

// The uppermost layer of `after`. `before` is the tree when that layer began: stores that compare
// look at it.
Rope LayerTar(const FileTree& before, const FileTree& after, const FileRules& rules, Store store);

// What Docker with a graph driver writes when it has to compare trees that are several layers
// apart: explicit whiteouts, entries sorted by their whole paths.
Rope MergedLayerTar(const FileTree& before, const FileTree& after, const FileRules& rules);

// All files, as docker export and docker build --squash FROM scratch write them.
Rope WholeTreeTar(const FileTree& tree, const FileRules& rules);

}  // namespace watertight::generator
