#include "generator/build/build_record.h"

#include <utility>

namespace watertight::generator {
namespace {

// BuildKit forgets where a variable stood before.
void SetLast(Environment& environment, const std::string& name, const std::string& value) {
  Environment changed;
  for (const auto& [each, text] : environment) {
    if (each != name) changed.Set(each, text);
  }
  changed.Set(name, value);
  environment = std::move(changed);
}

}  // namespace

void RecordStage(BuildRecord& record, size_t index, const PlannedStage& planned,
                 const Environment& variables) {
  RecordedStage& stage = record.stages[index];
  stage.base_stage = planned.base_stage;
  if (planned.base_stage) {
    stage.environment = record.stages[*planned.base_stage].environment;
  } else if (planned.base != "scratch") {
    stage.base = planned.base;
  }
  for (const auto& [name, value] : variables) SetLast(stage.environment, name, value);
}

void RecordStep(RecordedStage& stage, const Instruction& expanded, const Scope& scope,
                RecordedStep step) {
  const Command& command = expanded.command;
  if (const auto* env = std::get_if<Env>(&command)) {
    for (const NameValue& each : env->variables) SetLast(stage.environment, each.name, each.value);
  } else if (const auto* arg = std::get_if<Arg>(&command)) {
    // The declarations of this instruction are the last ones.
    const size_t first = scope.declared().size() - arg->names.size();
    for (size_t i = first; i < scope.declared().size(); ++i) {
      const ArgName& name = scope.declared()[i];
      if (name.value) SetLast(stage.environment, name.name, *name.value);
    }
  }
  const bool recorded =
      std::holds_alternative<Run>(command) || std::holds_alternative<Copy>(command) ||
      std::holds_alternative<Add>(command) || std::holds_alternative<Workdir>(command);
  if (!recorded) return;
  step.instruction = expanded;
  step.environment = stage.environment;
  stage.steps.push_back(std::move(step));
}

}  // namespace watertight::generator
