// What one pass over a layer's bytes found out, as bytes.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "framework/image/blob_hashes.h"
#include "framework/image/layer_index.h"
#include "watertight/finding.h"
#include "watertight/note.h"

namespace watertight {

struct LayerRecord {
  BlobHashes hashes;
  LayerIndex index;  // that can read no contents yet
  // Without layer and blob: the same bytes may stand at several places.
  std::vector<Finding> findings;
  std::vector<Note> notes;
};

std::string PackLayer(const BlobHashes& hashes, const LayerIndex& index,
                      const std::vector<Finding>& findings, const std::vector<Note>& notes);
// Throws: Error, kCorrupt.
LayerRecord UnpackLayer(std::string_view packed);

}  // namespace watertight
