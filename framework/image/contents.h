// The contents of many files of one layer in one pass: a compressed layer is inflated once, not
// once for each file.

#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "watertight/layer.h"

namespace watertight {

using ContentSink = std::function<void(const Entry& entry, std::string_view piece)>;

// The files come one after the other, each at least once, an empty one with an empty piece. An
// entry that is named twice comes once. Requires: entries of this layer. Throws: Error.
void ReadContents(const Layer& layer, std::vector<const Entry*> entries, const ContentSink& sink);

}  // namespace watertight
