// Searches a part of a plain layer, of which any part can be read by itself.

#pragma once

#include <cstdint>
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
  std::vector<const Entry*> containers;
  std::vector<std::uint64_t> zip_ends;
  std::string error;  // why not all of it could be read
};

// What begins in the segment, however far it goes on.
void SearchSegment(ByteSearch* search, LayerSegment* segment);

}  // namespace watertight
