// A layer over the files below it.
#pragma once

#include <vector>

#include "generator/build/file_tree.h"

namespace watertight::generator {

// Does to `files` what the layer says, in a new layer. `layer` comes from FileTree::Changes().
void ApplyLayer(FileTree& files, const std::vector<Change>& layer);

}  // namespace watertight::generator
