// Docker's classic builder (DOCKER_BUILDKIT=0): each instruction makes an image, by committing a
// container or, for COPY and ADD, a layer. The configuration of that image tells of the container
// and of the image before it, unless containerd stores it.
#pragma once

#include <string>
#include <string_view>

#include "generator/builders/builder.h"

namespace watertight::generator {

// What the versions write differently.
struct ClassicVersion {
  std::string_view builder;
  const char* docker_version;
  bool old_history;    // author before created_by; a time is never left out
  bool glued_chown;    // "--chown=1:2file:…"
  bool cleaned_paths;  // WORKDIR /a/ is /a
  bool all_proxy;      // ALL_PROXY needs no ARG
  bool start_interval;
  bool quoted_healthcheck;
};

// Throws: Error for another builder.
const ClassicVersion& ClassicVersionOf(std::string_view builder);

// As Docker's daemon completes the configuration of a container with that of its image. What it
// adds to maps and lists is not here: every step has all that was there before.
void InheritConfig(ImageConfig& config, const ImageConfig& image);

void BeginClassicStage(StageBuild& stage);
void ApplyClassicStep(const Instruction& expanded, StageBuild& stage);
void RecordClassicStep(const Step& step);
std::string ClassicConfiguration(const FinishedBuild& build);

}  // namespace watertight::generator
