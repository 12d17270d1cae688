// Images of a Docker daemon, through its Engine API: what `docker save` writes.

#pragma once

#include <string>
#include <vector>

#include "framework/image/bytes.h"
#include "watertight/image.h"

namespace watertight {

struct SavedImage {
  SharedBytes tar;
  std::vector<std::string> command;  // that saves the same: {"docker", "save", "app:ci"}
};

// name: "app:ci", "app@sha256:…", an id. Without a tag it is the one of app:latest, not all of app.
// Throws: Error, kUsage, kUnsupported, kIo, kNotFound, with what() lacking the image's name.
SavedImage SaveFromDaemon(const std::string& name, const OpenOptions& options);

}  // namespace watertight
