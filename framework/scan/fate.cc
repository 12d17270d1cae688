#include "framework/scan/fate.h"

#include <algorithm>

namespace watertight {

std::optional<StoredEntry> FateOf(const Image& image, const Finding& finding) {
  if (!finding.layer || !finding.entry || !image.unreadable_layers().empty()) return std::nullopt;
  const Entry& entry =
      image.layers()[static_cast<std::size_t>(*finding.layer)].entries()[*finding.entry];
  const std::vector<StoredEntry>& stored = image.stored();
  auto at = std::partition_point(stored.begin(), stored.end(), [&](const StoredEntry& row) {
    return row.entry->path() < entry.path();
  });
  // The layer too: one blob may stand for several.
  for (; at != stored.end() && at->entry->path() == entry.path(); ++at) {
    if (at->layer == *finding.layer && at->entry->header_offset() == entry.header_offset()) {
      return *at;
    }
  }
  return std::nullopt;
}

// A hard link without a target is neither visible nor removed.
std::string FateText(const StoredEntry& stored) {
  const std::string text = "layer " + std::to_string(stored.layer);
  if (stored.visible) return text + ", visible";
  if (!stored.removed_by) return text + ", without a target";
  const Removal& removal = *stored.removed_by;
  const bool opaque = removal.how == RemovalKind::kOpaque;
  return text + ", " + (opaque ? "deleted" : ToString(removal.how)) + " in layer " +
         std::to_string(removal.layer) + (opaque ? " (opaque)" : "");
}

}  // namespace watertight
