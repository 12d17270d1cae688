// Containers of an image, by docker or podman, whichever answers first.

#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/structure_tests/structure_tests.h"
#include "watertight/image.h"

namespace watertight::cli {

struct ContainerResult {
  std::string problem;  // why it did not run; empty when it did
  std::int64_t exit_code = 0;
  std::string output;
  std::string error;
};

// What a container is made with.
struct ContainerPlan {
  using Variables = std::vector<std::pair<std::string, std::string>>;

  RunOptions options;
  Variables env;
  Variables setup_env;
  std::vector<std::vector<std::string>> setup;  // each in a container, whose changes the next sees
  std::vector<std::string> command;
};

// An image in an engine; when it was loaded for this, it is removed at the end.
class EngineImage {
 public:
  // program: "docker". name: what it calls the image.
  EngineImage(std::string program, std::string name, bool loaded)
      : program_(std::move(program)), name_(std::move(name)), loaded_(loaded) {}
  EngineImage(const EngineImage&) = delete;
  EngineImage& operator=(const EngineImage&) = delete;
  ~EngineImage();

  const std::string& program() const { return program_; }
  const std::string& name() const { return name_; }
  // Nothing of it stays in the engine.
  ContainerResult Run(const ContainerPlan& plan) const;

 private:
  std::string program_;
  std::string name_;
  bool loaded_;
};

// Each image is loaded once.
class Engines {
 public:
  struct Found {
    std::unique_ptr<const EngineImage> image;  // null when there is none
    std::string why;                           // there is none
  };
  const Found& For(const Image& image);

 private:
  std::map<std::string, Found> found_;
};

}  // namespace watertight::cli
