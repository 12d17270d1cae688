#include "generator/build/post_step.h"

#include <algorithm>

#include "generator/builders/classic.h"
#include "generator/dockerfile/dockerfile.h"
#include "generator/dockerfile/expand.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::string_view kChanges[] = {"cmd",   "entrypoint", "healthcheck", "env",    "expose",
                                         "label", "onbuild",    "user",        "volume", "workdir"};

Dockerfile WithoutStages(const std::string& builder, const std::string& changes) {
  return ParseDockerfile("FROM scratch\n" + changes, {.path = "", .builder = builder});
}

void CheckKeyword(const std::string& keyword, const Dialect& dialect) {
  // From 23.0 on.
  const bool stop_signal = Has(dialect, Feature::kSuggestions);
  const std::string lower = Lower(keyword);
  if (std::ranges::find(kChanges, lower) != std::end(kChanges)) return;
  if (stop_signal && lower == "stopsignal") return;
  throw Error((stop_signal ? keyword : lower) + " is not a valid change command");
}

}  // namespace

std::string ClassicBuilderOf(const DockerVersion& docker) {
  const std::string builder = "classic-" + docker.version;
  if (FindDialect(builder) == nullptr) {
    throw Error("there is no Docker " + docker.version + " here; there are 20.10, 26 and 28");
  }
  if (docker.version == "20.10" && docker.store == Store::kContainerd) {
    throw Error("Docker 20.10 has no containerd store");
  }
  return builder;
}

StageBuild EmptyStage(const DockerVersion& docker) {
  static const BuildArguments kNone;
  const Dockerfile file = WithoutStages(ClassicBuilderOf(docker), "");
  StageBuild stage{.scope = Scope(file, {}, kNone)};
  stage.store = docker.store;
  return stage;
}

void ApplyChanges(const Words& changes, StageBuild& stage) {
  const std::string builder(stage.scope.dialect().builder);
  try {
    const Dockerfile file = WithoutStages(builder, Join(changes, "\n"));
    if (file.stages.size() > 1) throw Error("from is not a valid change command");
    const std::vector<Instruction>& instructions = file.stages[0].instructions;
    for (const Instruction& each : instructions) CheckKeyword(each.source.keyword, file.dialect);
    stage.scope.SetBase(stage.config.env);
    for (const Instruction& each : instructions) {
      const Instruction expanded = Expand(each, stage.scope);
      ApplyClassicStep(expanded, stage);
      stage.scope.Apply(expanded);
    }
  } catch (const Error& error) {
    throw Error(error.message());  // lines and paths would be of a file that nobody wrote
  }
}

}  // namespace watertight::generator
