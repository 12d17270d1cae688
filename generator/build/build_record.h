// What a build did, for who gives evidence of it (generator/builders/provenance.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/dockerfile/environment.h"
#include "generator/dockerfile/instruction.h"
#include "generator/dockerfile/mount.h"
#include "generator/dockerfile/scope.h"
#include "generator/dockerfile/stages.h"

namespace watertight::generator {

// A step that ran: RUN, COPY, ADD or WORKDIR.
struct RecordedStep {
  Instruction instruction;                // expanded
  std::vector<std::string> command = {};  // of RUN
  std::vector<Mount> mounts = {};
  std::vector<StageSource> sources = {};  // of COPY --from and mounts
  Environment environment = {};           // BuildKit's order: what was set last stands last
  std::string workdir = {};
  std::string user = {};
};

struct RecordedStage {
  std::optional<size_t> base_stage = {};
  std::string base = {};         // an image's name, empty for scratch
  std::string base_digest = {};  // "sha256:…"
  int line = 0;                  // of FROM
  Environment environment = {};  // at its end
  std::vector<RecordedStep> steps = {};
};

struct BuildRecord {
  std::string dockerfile = {};  // the text
  std::string path = {};
  BuildArguments arguments = {};
  std::vector<RecordedStage> stages = {};
  size_t target = 0;
  std::string created = {};  // RFC 3339
};

// A stage begins with these variables, on top of those that its base stage ended with.
void RecordStage(BuildRecord& record, size_t index, const PlannedStage& planned,
                 const Environment& variables);
// After the step took effect. ENV and ARG only change what later steps see.
void RecordStep(RecordedStage& stage, const Instruction& expanded, const Scope& scope,
                RecordedStep step);

}  // namespace watertight::generator
