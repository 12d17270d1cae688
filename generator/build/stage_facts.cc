#include "generator/build/stage_facts.h"

#include <algorithm>

#include "generator/dockerfile/text.h"

namespace watertight::generator {
namespace {

bool IsRun(const Instruction& instruction) {
  return std::holds_alternative<Run>(instruction.command);
}

bool ReadsFiles(const Instruction& instruction) {
  const Command& command = instruction.command;
  return IsRun(instruction) || std::holds_alternative<Copy>(command) ||
         std::holds_alternative<Add>(command);
}

bool TakesFromStages(const PlannedStage& stage) {
  return std::ranges::all_of(stage.sources,
                             [](const StageSource& source) { return source.stage.has_value(); });
}

bool TakesFrom(const PlannedStage& stage, size_t index) {
  return std::ranges::any_of(stage.sources,
                             [index](const StageSource& source) { return source.stage == index; });
}

}  // namespace

std::string TitleOf(const Dockerfile& file, size_t index) {
  const std::string& name = file.stages[index].name;
  return name.empty() ? "stage-" + std::to_string(index) : name;
}

bool MayMakeLayer(const Instruction& instruction) {
  return ReadsFiles(instruction) || std::holds_alternative<Workdir>(instruction.command);
}

StepNumbers NumbersOf(const Dockerfile& file, const StagePlan& plan, size_t index) {
  const PlannedStage& planned = plan.stages[index];
  const bool image = !planned.base_stage && planned.base != "scratch";
  const bool alone = plan.stages.size() == 1 && TakesFromStages(plan.stages[0]);
  const auto count = std::ranges::count_if(file.stages[index].instructions, MayMakeLayer);
  return {.stage = alone ? "" : TitleOf(file, index),
          .done = image ? 1u : 0u,
          .all = static_cast<size_t>(count) + (image ? 1 : 0)};
}

bool NeedsFiles(const Dockerfile& file, const StagePlan& plan, size_t index) {
  return std::ranges::any_of(file.stages[index].instructions, ReadsFiles) ||
         std::ranges::any_of(
             plan.stages, [index](const PlannedStage& stage) { return TakesFrom(stage, index); });
}

bool AnyReadsFiles(const std::vector<std::string>& triggers) {
  return std::ranges::any_of(triggers, [](const std::string& trigger) {
    const std::string word = Upper(trigger.substr(0, trigger.find_first_of(" \t")));
    return word == "RUN" || word == "COPY" || word == "ADD";
  });
}

bool RunsFollow(const Dockerfile& file, size_t index, size_t next) {
  const std::vector<Instruction>& all = file.stages[index].instructions;
  return next == all.size() ||
         std::any_of(all.begin() + static_cast<std::ptrdiff_t>(next), all.end(), IsRun);
}

}  // namespace watertight::generator
