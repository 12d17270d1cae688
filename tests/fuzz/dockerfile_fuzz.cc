// A Dockerfile: parsed for the newest and the oldest builder, its stages planned, its variables
// expanded; and the same text as an ignore file.

#include <cstddef>
#include <cstdint>
#include <string>

#include "generator/dockerfile/expand.h"
#include "generator/dockerfile/ignore.h"
#include "generator/dockerfile/scope.h"
#include "generator/dockerfile/stages.h"
#include "generator/error.h"

namespace {

using namespace watertight::generator;

void Evaluate(const std::string& text, const std::string& builder) {
  const Dockerfile file = ParseDockerfile(text, {.path = "Dockerfile", .builder = builder});
  const BuildArguments arguments;
  const Environment globals = GlobalVariables(file, arguments);
  const StagePlan plan = PlanStages(file, globals, "");
  for (const std::size_t index : plan.order) {
    Scope scope(file, globals, arguments);
    for (const Instruction& each : file.stages[index].instructions) {
      const Instruction expanded = Expand(each, scope);
      scope.Apply(expanded);
      if (const auto* run = std::get_if<Run>(&expanded.command)) ExpandMounts(*run, scope, "/");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const char* builder : {"buildkit-0.25", "classic-20.10", "buildah-1.28"}) {
    try {
      Evaluate(text, builder);
    } catch (const Error&) {
    }
  }
  try {
    static_cast<void>(ParseIgnoreFile(text).Ignores("a/b/c"));
  } catch (const Error&) {
  }
  return 0;
}
