// What the versions of BuildKit have in common: history without a prefix and with the comment
// buildkit.dockerfile.v0, a configuration of set fields alone, a layer for each step that could
// change a file.
#pragma once

#include <string>

#include "generator/builders/builder.h"

namespace watertight::generator {

// How a version differs from the others.
struct BuildkitVersion {
  bool transfer_flags = true;  // COPY and ADD show --parents, --chown and --chmod
  bool arg_values = false;     // ARG shows the value that it has, not its default
  bool repeated_args = false;  // |N counts an argument as often as it is declared
  bool port_map = false;       // EXPOSE map[80/tcp:{}], not [80/tcp]
  bool start_interval = true;  // HEALTHCHECK has a fifth field
  // The image specification before 1.1: "OnBuild" always, "Healthcheck" before "ArgsEscaped",
  // "StopTimeout" of a base kept, no "os.version".
  bool old_specification = false;
  bool normalized_platform = false;  // arm64/v8 of a base becomes arm64
};

void BeginBuildkitStage(StageBuild& stage);
void RecordBuildkitStep(const Step& step, const BuildkitVersion& version);
std::string BuildkitConfiguration(const FinishedBuild& build, const BuildkitVersion& version);

}  // namespace watertight::generator
