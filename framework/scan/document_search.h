// Searches the documents of an image, and every other file of its archive that is no layer.

#pragma once

#include "framework/image/image_state.h"
#include "framework/scan/value_set.h"
#include "watertight/known_values.h"

namespace watertight {

// Adds the findings, by the name of the file and in its order, and notes.
void AddDocumentFindings(const internal::ImageState& image, const ValueSet& set,
                         const SearchLimits& limits, ValueSearch* result);

}  // namespace watertight
