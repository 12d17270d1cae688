// A base image as the build takes it: plain data, so that whoever can read saved images hands them
// in, and the generator itself reads none.
//
//   const BaseImages bases = [](const std::string& reference) -> std::optional<BaseImage> {
//     return reference == "app" ? std::optional(app) : std::nullopt;
//   };

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "generator/archives/archive.h"
#include "generator/archives/rope.h"

namespace watertight::generator {

class FileTree;

// One path of the merged root file system.
struct BaseEntry {
  std::string path;  // without slash at either end; bytes
  // The type byte of tar: '0' file, '1' hard link to an earlier entry, '2' symbolic link,
  // '3' character device, '4' block device, '5' directory, '6' fifo.
  char type = '0';
  std::uint32_t mode = 0;  // 07777
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::int64_t mtime = 0;  // seconds
  // The target of a symbolic link as stored; of a hard link, the path of the earlier entry, whose
  // attributes it repeats.
  std::string link;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::map<std::string, std::string> xattrs;
  Rope content;  // of a file
};

// The layer that holds what each layer-making step did: RUN, COPY, ADD and WORKDIR, from 0 on; none
// where it changed nothing, or what it changed is in no layer.
using StepLayers = std::vector<std::optional<std::size_t>>;

struct BaseImage {
  std::string name;                // for messages
  std::string config;              // the exact JSON
  std::vector<SavedLayer> layers;  // from the base up
  // Sorted so that parents come before children, and links after what they link to. The root
  // directory is not among them.
  std::vector<BaseEntry> rootfs;
  // Of itself and those that it builds on, by name; for who asks which layer a step made.
  std::map<std::string, StepLayers> steps = {};
  // `rootfs` as stages begin with it, where that is known already; the list may be empty then.
  std::shared_ptr<const FileTree> files = {};
};

// Asked with each name of a FROM or COPY --from as it is written, after expansion; empty for one
// that it does not know.
using BaseImages = std::function<std::optional<BaseImage>(const std::string& reference)>;

}  // namespace watertight::generator
