// The volumes of an image while a container of it runs: what happens in them is not committed.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"

namespace watertight::generator {

// Makes the directories of the mount points where there are none, which stay, and mounts a copy of
// what is in them. Throws: Error.
class VolumeMounts {
 public:
  VolumeMounts(FileTree& files, const std::set<std::string>& volumes, const FileRules& rules);
  ~VolumeMounts();
  VolumeMounts(const VolumeMounts&) = delete;
  VolumeMounts& operator=(const VolumeMounts&) = delete;

 private:
  FileTree& files_;
  size_t mounted_ = 0;
};

}  // namespace watertight::generator
