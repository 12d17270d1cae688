// Everything that one pass over a layer tar finds out.

#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "framework/image/entry_table.h"
#include "watertight/entry.h"
#include "watertight/note.h"

namespace watertight {

struct LayerIndex {
  std::unique_ptr<internal::LayerTables> tables;
  std::vector<Entry> entries;
  std::uint64_t size = 0;     // bytes of the uncompressed tar
  std::uint64_t trailer = 0;  // where bytes other than zero follow its end; 0 when none do
  std::vector<Note> notes;  // without a layer number: the same blob may stand at several positions
};

}  // namespace watertight
