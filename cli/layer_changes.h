// What each layer does to the files below it.

#pragma once

#include <cstdint>
#include <vector>

#include "watertight/image.h"

namespace watertight::cli {

// Files are all entries that are no directories.
struct LayerChanges {
  std::uint64_t added = 0;
  std::uint64_t changed = 0;  // stored again under a path that a lower layer has
  std::uint64_t removed = 0;  // of lower layers: deleted, or lost with a directory
};

// One for each layer. Throws: Error when a layer cannot be read.
std::vector<LayerChanges> CountChanges(const Image& image);

// The files that a layer stores and the container does not see. Throws: Error, as above.
std::vector<const StoredEntry*> HiddenFiles(const Image& image);

}  // namespace watertight::cli
