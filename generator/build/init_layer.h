// The layer that Docker lays between an image and each container: empty files and directories that
// the runtime mounts things on.
#pragma once

#include "generator/build/file_tree.h"

namespace watertight::generator {

// Adds it as a layer of its own, and begins the next one. A RUN then finds /etc with the time of
// the build, and what it removes of these files leaves a whiteout, although no image has them.
void AddInitLayer(FileTree& files);

}  // namespace watertight::generator
