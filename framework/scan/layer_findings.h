// What the hits in a layer's tar are: contents, names and other fields of its entries, or bytes
// between and behind them.

#pragma once

#include <vector>

#include "framework/image/image_state.h"
#include "framework/scan/layer_search.h"
#include "watertight/known_values.h"

namespace watertight {

// Adds the findings of the layer at that position, by offset, and its notes.
void AddLayerFindings(const internal::ImageState& image, int layer, const LayerHits& hits,
                      const ValueSet& set, ValueSearch* result);

}  // namespace watertight
