// docker run, then docker commit: a container's changes as one more layer, and what it was started
// with as the configuration.
//
//   const BuiltImage app = Build(…);
//   const BuiltImage debug = Commit(app, {.command = {"sh", "-c", "echo hunter2 > /notes"},
//                                         .env = {{"TOKEN", "hunter2"}},
//                                         .message = "before the release"});
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "generator/build/build.h"
#include "generator/build/post_step.h"

namespace watertight::generator {

struct CommitRequest {
  DockerVersion docker = {};
  std::string image = {};  // as docker run names it; empty: the image's first name, or its id
  Words command = {};      // behind it; empty: the image's own
  Environment env = {};    // -e
  std::string author = {};
  std::string message = {};
  Words changes = {};  // -c
  // What the container does to the files; nothing without it.
  std::function<void(FileTree& files, const ImageConfig& container)> run = {};
  std::int64_t clock = kDefaultClock;
  std::vector<std::string> names = {};
};

// Throws: Error.
BuiltImage Commit(const BuiltImage& image, const CommitRequest& request);

}  // namespace watertight::generator
