// Applies layers to a tree by the rules of docs/whiteouts.md, and tells what became of every stored
// entry.

#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "framework/image/entry_table.h"
#include "framework/image/layer_index.h"
#include "watertight/note.h"
#include "watertight/rootfs.h"

namespace watertight {

// What became of one entry; 4 bytes, because there is one for each.
struct Fate {
  std::uint32_t layer : 24 = 0;
  std::uint32_t state : 8 = 0;  // one of FateState

  std::optional<Removal> removal() const;
};

enum FateState : std::uint8_t { kNotVisible, kVisible, kDeleted, kOpaque, kOverwritten };

struct Merged {
  Rootfs rootfs;
  std::vector<std::vector<Fate>> fates;  // [layer][entry], as in the layers' indexes
  std::uint64_t wasted = 0;              // bytes of files whose content no visible path shows
  std::vector<Note> notes;               // ambiguous cases, with layer and path
  // What the rows point to beside the layers' entries.
  std::deque<Entry> made_entries;
  Arena arena;
};

// layers[i] is the index of layer i, from the base; the same index may stand at several positions.
// The indexes must outlive the result. Returned on the heap: the rows point into it.
std::unique_ptr<Merged> MergeLayers(const std::vector<const LayerIndex*>& layers);

// All entries but whiteouts and root directories, sorted by path, layer, order in the layer.
std::vector<StoredEntry> ListStored(const std::vector<const LayerIndex*>& layers,
                                    const Merged& merged);

}  // namespace watertight
