// What the text of a Dockerfile says about a stage before it is built.
#pragma once

#include <cstddef>
#include <string>

#include "generator/build/stage_build.h"
#include "generator/dockerfile/dockerfile.h"
#include "generator/dockerfile/stages.h"

namespace watertight::generator {

// What BuildKit calls a stage: its name, or stage-N.
std::string TitleOf(const Dockerfile& file, size_t index);

// RUN, COPY, ADD and WORKDIR.
bool MayMakeLayer(const Instruction& instruction);

// How BuildKit counts the steps of a stage that may make a layer.
StepNumbers NumbersOf(const Dockerfile& file, const StagePlan& plan, size_t index);

// Whether RUN, COPY or ADD, or another stage, reads the files that the stage begins with.
bool NeedsFiles(const Dockerfile& file, const StagePlan& plan, size_t index);

// The same of the words of ONBUILD.
bool AnyReadsFiles(const std::vector<std::string>& triggers);

// Whether a RUN is among the instructions from `next` on, or there is none.
bool RunsFollow(const Dockerfile& file, size_t index, size_t next);

}  // namespace watertight::generator
