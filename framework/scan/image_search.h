// One search of everything that an image reaches.

#pragma once

#include "framework/image/contents.h"
#include "framework/scan/layer_search.h"
#include "framework/scan/value_set.h"
#include "watertight/image.h"
#include "watertight/known_values.h"

namespace watertight {

// Layers first, in their order, then documents; each by offset. ready may be null; it is given the
// contents that were kept. cached may be null; it is given what it lacks.
ValueSearch SearchImage(const Image& image, const ValueSet& set, const SearchLimits& limits,
                        ReadyContents* ready = nullptr, Hashing hashing = Hashing::kNo,
                        CachedLayers* cached = nullptr);

}  // namespace watertight
