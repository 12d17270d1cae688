// The layers of kaniko, which has no store: it looks at its own root directory after a step. After
// RUN it compares all of it with what it last saw, after other steps it writes the files that they
// say they made. Every entry has its directories before it, from the root on.
#pragma once

#include <set>
#include <string>

#include "generator/archives/rope.h"
#include "generator/build/file_tree.h"

namespace watertight::generator {

// What RUN changed since `before`, but nothing below a volume.
Rope KanikoSnapshot(const FileTree& before, const FileTree& after,
                    const std::set<std::string>& volumes);

// What the step touched in the uppermost layer of `after`, changed or not, and the volumes'
// directories.
Rope KanikoFiles(const FileTree& after, const std::set<std::string>& volumes);

}  // namespace watertight::generator
