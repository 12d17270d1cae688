#include "cli/layer_changes.h"

namespace watertight::cli {
namespace {

bool IsFile(const StoredEntry& stored) { return stored.entry->type() != EntryType::kDirectory; }

// The layer that removed a file stores another one of the same path. Rows of one path stand
// together.
bool IsReplaced(const std::vector<StoredEntry>& rows, std::size_t at, int layer) {
  for (std::size_t next = at + 1; next < rows.size(); ++next) {
    if (rows[next].entry->path() != rows[at].entry->path()) break;
    if (rows[next].layer == layer) return IsFile(rows[next]);
  }
  return false;
}

}  // namespace

std::vector<LayerChanges> CountChanges(const Image& image) {
  std::vector<LayerChanges> layers(image.layers().size());
  const std::vector<StoredEntry>& rows = image.stored();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!IsFile(rows[i])) continue;
    ++layers[static_cast<std::size_t>(rows[i].layer)].added;
    if (!rows[i].removed_by) continue;
    const int by = rows[i].removed_by->layer;
    LayerChanges& later = layers[static_cast<std::size_t>(by)];
    if (by == rows[i].layer) {
      --later.added;  // the same layer stores the path twice
    } else if (rows[i].removed_by->how == RemovalKind::kOverwritten && IsReplaced(rows, i, by)) {
      --later.added;
      ++later.changed;
    } else {
      ++later.removed;
    }
  }
  return layers;
}

std::vector<const StoredEntry*> HiddenFiles(const Image& image) {
  std::vector<const StoredEntry*> hidden;
  for (const StoredEntry& stored : image.stored()) {
    if (!stored.visible && IsFile(stored)) hidden.push_back(&stored);
  }
  return hidden;
}

}  // namespace watertight::cli
