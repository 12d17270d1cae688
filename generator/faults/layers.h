// Layers that faults put in place of an image's uppermost one.
#pragma once

#include <string>

#include "generator/archives/archive.h"

namespace watertight::generator {

// The configuration states the layer's digest, so nothing is wrong but its bytes.
// Throws: Error for an image without layers.
void ReplaceTopLayer(SavedImage& image, Rope tar);

// The layer stays what it is and is stored as those bytes, which their digest names.
void StoreTopLayerAs(SavedImage& image, Rope bytes, Compression compression);

// A file of several blocks that do not repeat.
TarEntry LargeFile();

}  // namespace watertight::generator
