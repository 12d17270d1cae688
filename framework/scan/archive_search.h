// Searches what an archive holds beside its files: their names, headers, shadowed contents, and
// what follows its end.

#pragma once

#include "framework/image/image_state.h"
#include "framework/scan/content_search.h"
#include "framework/scan/value_set.h"
#include "watertight/known_values.h"

namespace watertight {

void SearchArchive(const internal::ImageState& image, const ValueSet& set, ContentSearch* contents,
                   ValueSearch* result);

}  // namespace watertight
