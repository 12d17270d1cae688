// The words of BuildKit's histories.
#pragma once

#include <string>
#include <vector>

#include "generator/builders/buildkit.h"

namespace watertight::generator {

// What `created_by` says of a step; empty for ONBUILD, which has no entry.
std::string BuildkitText(const Step& step, const BuildkitVersion& version);

// What BuildKit remembers of the layer that a step made. Shown only where a base's history is
// shorter than its layers. To be called once for each step with a layer, in order.
std::string BuildkitLayerText(const Step& step, const BuildkitVersion& version);

// The history as it is written: entries for layers that none speaks of, and a time for each.
// Entries without a layer take the time of the layer before them, the first ones that of the first
// new layer.
std::vector<HistoryEntry> BuildkitHistory(const FinishedBuild& build);

}  // namespace watertight::generator
