// What changed between two trees, for stores that compare: a double walk, as containerd's and
// buildah's.
#pragma once

#include <vector>

#include "generator/build/file_tree.h"

namespace watertight::generator {

// In the order of a walk over sorted names, directories above a change included. Of what is gone
// only its top is reported, and nothing of what was in a directory that is none any more. The
// inodes are those of `after`. Requires: `after` began as a copy of `before` with a new layer.
std::vector<Change> CompareTrees(const FileTree& before, const FileTree& after);

}  // namespace watertight::generator
