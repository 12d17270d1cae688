// Buildah 1.28 (and podman 4.3, which builds with it), OCI format: history in the classic
// builder's style with the instructions as they are written, a configuration without what OCI does
// not know, and one layer for a whole stage unless --layers is given.
#pragma once

#include <string>

#include "generator/builders/builder.h"

namespace watertight::generator {

void BeginBuildahStage(StageBuild& stage);
// HEALTHCHECK, ONBUILD and SHELL have no place in the OCI format, and so no effect.
void ApplyToBuildahConfig(const Instruction& expanded, StageBuild& stage);
// Without --layers: only the last entry of a stage has the layer.
void RecordBuildahStep(const Step& step);
// With --layers: each entry is an image of its own.
void RecordBuildahLayer(const Step& step);
void FinishBuildahStage(StageBuild& stage);
std::string BuildahConfiguration(const FinishedBuild& build);

}  // namespace watertight::generator
