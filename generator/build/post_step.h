// What docker commit and docker import have in common: the classic builder applies `-c` changes,
// and Docker, in one of its versions, writes the configuration.
#pragma once

#include <string>

#include "generator/build/image_config.h"
#include "generator/build/layer_tar.h"
#include "generator/build/stage_build.h"

namespace watertight::generator {

struct DockerVersion {
  std::string version = "28";  // 20.10, 26, 28
  Store store = Store::kOverlay2;
};

// "classic-28". Throws: Error for a version that is none of ours, or without that store.
std::string ClassicBuilderOf(const DockerVersion& docker);

// A stage without a Dockerfile, on scratch.
StageBuild EmptyStage(const DockerVersion& docker);

// Applies instructions, one a text, as `docker commit -c` does. Throws: Error.
void ApplyChanges(const Words& changes, StageBuild& stage);

}  // namespace watertight::generator
