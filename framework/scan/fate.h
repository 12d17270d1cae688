// What became of what a finding speaks of.

#pragma once

#include <optional>
#include <string>

#include "watertight/finding.h"
#include "watertight/image.h"

namespace watertight {

// Of the entry that holds it; nothing for what no entry holds, for whiteouts, and when a layer
// cannot be read.
std::optional<StoredEntry> FateOf(const Image& image, const Finding& finding);

// "layer 1, visible", "layer 1, deleted in layer 2 (opaque)".
std::string FateText(const StoredEntry& stored);

}  // namespace watertight
