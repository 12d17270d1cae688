// How the stages of a Dockerfile depend on each other.
//
//   const StagePlan plan = PlanStages(file, globals, "release");
//   for (const size_t index : plan.order) …   // what has to be built for the target, in file order
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/dockerfile/dockerfile.h"
#include "generator/dockerfile/environment.h"
#include "generator/dockerfile/stage_sources.h"

namespace watertight::generator {

struct PlannedStage {
  std::string base;                  // variables expanded
  std::optional<size_t> base_stage;  // nothing: an image, or scratch
  std::string platform;              // variables expanded, empty for none
  std::vector<StageSource> sources;
};

struct StagePlan {
  std::vector<PlannedStage> stages;  // one for each of the file
  size_t target = 0;
  std::vector<size_t> order;  // BuildKit: those that the target needs; classic: all up to it
};

// Throws: Error with a line for unknown, blank, cyclic and forward references, and without one for
// an unknown target.
StagePlan PlanStages(const Dockerfile& file, const Environment& globals, std::string_view target);

}  // namespace watertight::generator
