// From a Dockerfile and its context to the image that a real builder would have made.
//
//   const BuiltImage image = Build({.dockerfile = "FROM scratch\nCOPY secret.txt /app/\n",
//                                   .context = MemoryContext({{"secret.txt", "hunter2\n"}})});
//   const Archive archive = WriteArchive("docker-28", {image.saved}, {});
//
// The same request gives the same image, byte for byte.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/archives/archive.h"
#include "generator/build/base_image.h"
#include "generator/build/context.h"
#include "generator/build/layer_tar.h"
#include "generator/builders/provenance.h"
#include "generator/dockerfile/scope.h"

namespace watertight::generator {

inline constexpr const char* kDefaultBuilder = "buildkit-0.25";
inline constexpr std::int64_t kDefaultClock = 1767225600;  // 2026-01-01T00:00:00Z

struct BuildRequest {
  std::string dockerfile = {};      // the text
  std::string path = "Dockerfile";  // for messages, and to find its own ignore file
  Context context = {};
  BuildArguments arguments = {};                    // --build-arg, --target, platforms
  std::map<std::string, std::string> secrets = {};  // by id, for RUN --mount=type=secret
  std::map<std::string, std::string> urls = {};     // what ADD would download
  std::string builder = kDefaultBuilder;
  Store store = Store::kOverlay2;
  // Without it as the builder has it: kMin in the containerd store.
  std::optional<ProvenanceMode> provenance = {};
  bool squash = false;                  // docker build --squash, of the classic builder
  BaseImages bases = {};                // asked before the bases of our own
  std::int64_t clock = kDefaultClock;   // the time of everything that happens
  std::vector<std::string> names = {};  // tags: "app:ci"
};

struct BuiltImage {
  SavedImage saved;
  FileTree files;                     // what a container sees
  std::vector<std::string> warnings;  // of the Dockerfile's parser
  StepLayers steps = {};              // of the target stage and the stages that it begins with
  std::map<std::string, StepLayers> base_steps = {};  // of bases that tell
};

// Throws: Error, with path and line where there is one.
BuiltImage Build(const BuildRequest& request);

}  // namespace watertight::generator
