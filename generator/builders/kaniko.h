// Kaniko 1.24: history of the steps that made a layer alone, each as its line of the Dockerfile,
// and documents as go-containerregistry spells them.
#pragma once

#include <string>

#include "generator/builders/builder.h"

namespace watertight::generator {

void BeginKanikoStage(StageBuild& stage);
void ApplyToKanikoConfig(const Instruction& expanded, StageBuild& stage);
Rope KanikoLayer(const Step& step, const FileTree& before);
void RecordKanikoStep(const Step& step);
std::string KanikoConfiguration(const FinishedBuild& build);

}  // namespace watertight::generator
