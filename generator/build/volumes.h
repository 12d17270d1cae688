// The volumes of an image while a container of it runs: what happens in them is not committed.
#pragma once

#include <set>
#include <string>

#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"

namespace watertight::generator {

// Makes the directories of the mount points where there are none, which stay, and mounts a copy of
// what is in them. FileTree::UnmountAll takes them away. Throws: Error.
void MountVolumes(FileTree& files, const std::set<std::string>& volumes, const FileRules& rules);

}  // namespace watertight::generator
