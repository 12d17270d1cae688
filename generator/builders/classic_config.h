// The configurations of the classic builder's images, in both of Docker's stores.
#pragma once

#include <string>

#include "generator/archives/json.h"
#include "generator/build/image_config.h"
#include "generator/build/stage_build.h"
#include "generator/builders/classic.h"

namespace watertight::generator {

// What an image tells of the container that became it.
struct CommittedContainer {
  std::string id;  // empty when there was none
  Json config;     // in the classic form
};

// All keys of container.Config. What a Dockerfile cannot set (Tty, MacAddress …) is the base's.
// `image`: the id of the image before it.
Json ClassicConfigObject(const ImageConfig& config, const StageBuild& stage,
                         const std::string& image);

// The configuration of the stage as it is now.
std::string GraphDriverDocument(const StageBuild& stage, const CommittedContainer& container,
                                const ClassicVersion& version, const std::string& created);
std::string ContainerdDocument(const StageBuild& stage, const std::string& created);

}  // namespace watertight::generator
