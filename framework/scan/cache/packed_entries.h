// The index of a layer as bytes.

#pragma once

#include <string>

#include "framework/image/layer_index.h"
#include "framework/scan/cache/packing.h"

namespace watertight {

void PackIndex(const LayerIndex& index, std::string* out);
// An index that can read no contents yet. Throws: Error, kCorrupt.
LayerIndex UnpackIndex(Unpacker* packed);

void PackNote(const Note& note, std::string* out);  // but for its layer
Note UnpackNote(Unpacker* packed);

}  // namespace watertight
