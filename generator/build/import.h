// docker export of a container that was never started, then docker import: all files of an image
// in one layer, without the image's history and configuration.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/build/build.h"
#include "generator/build/post_step.h"

namespace watertight::generator {

struct ImportRequest {
  DockerVersion docker = {};
  std::string message = "Imported from -";  // -m
  Words changes = {};                       // -c
  std::int64_t clock = kDefaultClock;
  std::vector<std::string> names = {};
};

// Throws: Error.
BuiltImage Import(const BuiltImage& image, const ImportRequest& request);

}  // namespace watertight::generator
