// What stages of one Dockerfile share by mistake: BuildKit copies a stage's configuration for
// `FROM stage`, but not the maps of labels, ports and volumes, and not the history's array.
//
// A label that a stage sets is therefore also set in the stage that it was made from, as long as
// that one had labels, and in what is made from it later. And where two stages are made from a
// third whose history's array has room, the later one's entries overwrite the earlier one's.
#pragma once

#include <optional>
#include <vector>

#include "generator/build/stage_build.h"

namespace watertight::generator {

// To be called at the begin of a stage and, with all stages so far, at its end.
void ShareFromBase(StageBuild& stage, size_t index, bool old_decoder);
void ShareWithOthers(std::vector<std::optional<StageBuild>>& stages, size_t index);

}  // namespace watertight::generator
