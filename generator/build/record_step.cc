#include "generator/build/record_step.h"

#include <utility>

#include "generator/build/run_step.h"
#include "generator/dockerfile/expand.h"

namespace watertight::generator {

void RecordStepOf(BuildRecord& record, const Step& step, const Dockerfile& file, size_t index) {
  RecordedStep recorded{.instruction = step.instruction};
  const StageBuild& stage = step.stage;
  recorded.workdir = stage.config.workdir.empty() ? "/" : stage.config.workdir;
  recorded.user = stage.config.user;
  recorded.sources = SourcesOf(step.instruction, file, index);
  if (const auto* run = std::get_if<Run>(&step.instruction.command)) {
    recorded.command = RunWords(step);
    // The shell reads a newline more than BuildKit tells.
    const bool script = run->script || step.instruction.source.heredocs.empty();
    if (!script) recorded.command.back().pop_back();
    recorded.mounts = ExpandMounts(*run, stage.scope, recorded.workdir);
  }
  RecordStep(record.stages[index], step.instruction, stage.scope, std::move(recorded));
}

}  // namespace watertight::generator
