// Layers made in memory, for tests of what is made of them.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "framework/image/layer_index.h"
#include "framework/image/rootfs_builder.h"

namespace watertight::testing {

struct TestEntry {
  std::string name;
  char type = '0';  // as in a tar header
  std::string link = {};
  std::string content = {};  // its size counts
};

LayerIndex MakeLayer(const std::vector<TestEntry>& entries);

// "a/", "a/x", "lnk -> real": a line for each row of the rootfs.
std::vector<std::string> Rows(const Merged& merged);
// The codes of all notes, those of the layers first.
std::vector<std::string> Codes(const std::vector<LayerIndex>& layers, const Merged& merged);

struct MergedLayers {
  std::vector<LayerIndex> layers;
  std::unique_ptr<Merged> merged;
};
MergedLayers Merge(const std::vector<std::vector<TestEntry>>& layers);

}  // namespace watertight::testing
