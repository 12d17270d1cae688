// What Buildah 1.28 leaves in the files of a stage around a RUN.
#pragma once

#include "generator/builders/builder.h"

namespace watertight::generator {

// What VOLUME does to files: directories are made where a RUN of this stage will find them.
void PreserveVolumes(const Step& step);
// Makes what mounts need to be mounted on, and the volumes' directories.
void EnterBuildahRun(const Step& step);
// Puts back what volumes held; `entered` are the files as they were when the command began.
void LeaveBuildahRun(const Step& step, const FileTree& entered);

}  // namespace watertight::generator
