// Searches plain layers, of which any part can be read by itself, in segments.

#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "framework/image/image_state.h"
#include "framework/image/parallel.h"
#include "framework/image/read_progress.h"
#include "framework/scan/segment_search.h"
#include "framework/scan/value_set.h"

namespace watertight {

// The work is done in pieces, by as many threads as call Work, while the layers are indexed or
// later.
class PlainSearch {
 public:
  using Blobs = std::vector<const internal::LayerBlob*>;

  // Of blobs, those that are plain; hashed: of which of these the digests are wanted too. set must
  // outlive it.
  PlainSearch(const internal::ImageState& image, const ValueSet& set, const Blobs& blobs,
              const Blobs& hashed);

  std::size_t pieces() const { return hashed_.size() + segments_.size(); }
  std::uint64_t bytes() const;  // that all pieces read
  void Work(const NextPiece& next, ReadProgress* progress);
  // When all pieces are done, and the layers are indexed: by blob, each from its begin on.
  const std::vector<LayerSegment>& Finish();

 private:
  const internal::ImageState& image_;
  const ValueSet& set_;
  Blobs hashed_;
  std::vector<LayerSegment> segments_;
};

}  // namespace watertight
