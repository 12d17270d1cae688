// Searches a part of a plain layer, of which any part can be read by itself.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/image/image_state.h"
#include "framework/scan/byte_search.h"

namespace watertight {

struct LayerSegment {
  const internal::LayerBlob* blob = nullptr;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::vector<FoundValue> found;
  std::vector<std::uint64_t>
      unread;  // where encoded streams begin that were not read to their ends
  std::uint64_t not_listed = 0;
  // Files to open; known when the layer was indexed before, or by FindContainers.
  std::optional<std::vector<const Entry*>> containers;
  std::vector<std::uint64_t> zip_ends;
  std::string error;  // why not all of it could be read
};

// What begins in the segment, however far it goes on.
void SearchSegment(ByteSearch* search, LayerSegment* segment);
// Reads the begins of files, if that is still to be done. Requires: the layer is indexed.
void FindContainers(LayerSegment* segment);

}  // namespace watertight
