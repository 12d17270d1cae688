// docker build --squash: one layer for all that the stage's own steps did. Their history entries
// stay, as empty ones, before that of the merge.
#pragma once

#include <string>

#include "generator/build/stage_build.h"

namespace watertight::generator {

// Changes the layers and the image of a stage that the classic builder has built.
// Throws: Error, in Docker's words, when there is no layer to merge or containerd has the image.
void Squash(StageBuild& stage, const std::string& created);

}  // namespace watertight::generator
