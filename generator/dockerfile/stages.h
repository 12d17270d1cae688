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
#include "generator/error.h"

namespace watertight::generator {

// A stage or an image that another stage takes files from: COPY --from, RUN --mount=from=.
struct StageSource {
  std::string name;             // as written
  std::optional<size_t> stage;  // nothing: an image
  int line = 0;
  std::string target = {};  // of a mount, as written
  std::string option = {};  // the whole of a mount's text
  bool operator==(const StageSource&) const = default;
};

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

// The source of one instruction, for triggers of ONBUILD too. `current` is the stage that runs it.
// Throws: Error without a line.
std::vector<StageSource> SourcesOf(const Instruction& instruction, const Dockerfile& file,
                                   size_t current);

// What there is to say when an image that is no stage cannot be found: `buildr: not found (did you
// mean builder?)`.
Error UnknownImage(const std::string& name, const Dockerfile& file);

}  // namespace watertight::generator
