// What the versions of BuildKit have in common: history without a prefix and with the comment
// buildkit.dockerfile.v0, a configuration of set fields alone, a layer for each step that could
// change a file.
#pragma once

#include <string>

#include "generator/builders/builder.h"

namespace watertight::generator {

void BeginBuildkitStage(StageBuild& stage);
void RecordBuildkitStep(const Step& step);
std::string BuildkitConfiguration(const FinishedBuild& build);

}  // namespace watertight::generator
