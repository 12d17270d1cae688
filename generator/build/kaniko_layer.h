// The layers of kaniko, which has no store: it looks at its own root directory after a step. After
// RUN it compares all of it with what it last saw, after other steps it writes the files that they
// say they made. Every entry has its directories before it, from the root on.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "generator/archives/rope.h"
#include "generator/build/file_tree.h"

namespace watertight::generator {

struct KanikoRoot {
  const FileTree& files;
  const std::set<std::string>& volumes;  // below which nothing is looked at
  size_t layer = 0;                      // its number; times differ with it
};

struct KanikoTar {
  Rope tar;
  std::vector<Change> changes;  // the same; valid until the files change
};

// What kaniko leaves alone in its root: what the runtime mounts, and folders of its own.
bool IsIgnoredByKaniko(const std::string& path);

// Everything that changed since `before`.
KanikoTar KanikoSnapshot(const FileTree& before, const KanikoRoot& root);

// These, absolute, and the volumes' directories.
KanikoTar KanikoFiles(const KanikoRoot& root, const std::vector<std::string>& paths);

}  // namespace watertight::generator
