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
  // "OnBuild" always, "Healthcheck" before "ArgsEscaped", "StopTimeout" of a base kept, its
  // "os.version" never replaced.
  bool old_specification = false;
  bool normalized_platform = false;  // arm64/v8 of a base becomes arm64
  bool named_file_steps = true;      // layers of COPY remember the step, not "fileop target"
  bool old_decoder = false;          // arrays are read as by Go 1.19 (buildkit_sharing.h)
};

void BeginBuildkitStage(StageBuild& stage, const BuildkitVersion& version);
void RecordBuildkitStep(const Step& step, const BuildkitVersion& version);
std::string BuildkitConfiguration(const FinishedBuild& build, const BuildkitVersion& version);

}  // namespace watertight::generator
