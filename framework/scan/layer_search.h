// Searches the bytes of layers.
//
// A compressed layer is searched while it is inflated for its index; a plain one in segments, in
// parallel, since any part of it can be read. Both give the same hits, by their offsets in the tar.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "framework/image/image_state.h"
#include "framework/scan/cache/cached_layers.h"
#include "framework/scan/content_search.h"
#include "framework/scan/recent_contents.h"
#include "framework/scan/value_set.h"

namespace watertight {

struct LayerHits {
  struct Inside {
    std::uint64_t content_offset = 0;  // of the entry that holds it
    std::string name;                  // of that entry, as stored
    bool behind_end = false;           // no entry holds it: it follows the end of the tar
    ContentFinding finding;
  };
  struct LeftOut {
    std::string name;
    ContentPath path;
    std::string text;
  };

  std::vector<FoundValue> plain;  // anywhere in the tar, but for what `inside` tells better
  std::vector<Inside> inside;     // of containers in files
  std::vector<LeftOut> left_out;
  // Where the contents of sparse files stand in them, by the files' offsets in the tar.
  std::map<std::uint64_t, ContentSpans> sparse_spans;
  // Where encoded streams begin that could not be searched to their ends.
  std::vector<std::uint64_t> unread;
  // Where zips end in files that were not opened.
  std::vector<std::uint64_t> zip_ends;
  // Of files that are needed again: some in which something was found, or that have a name for it.
  // A compressed layer would be inflated anew for them.
  ContentsByOffset contents;
  std::uint64_t not_listed = 0;
  std::map<int, std::size_t> listed;  // how many of each value or rule
  std::string error;                  // why not all of the layer could be read
};

// Whether one more of this value or rule is listed; counts it. So a value that stands everywhere
// takes no other's place.
bool MayList(int secret, LayerHits* hits);

// Takes out what is told better inside. Requires: spans are sorted.
void DropInside(const ContentSpans& spans, LayerHits* hits);

using BlobHits = std::map<const internal::LayerBlob*, LayerHits>;

// Whether the digests of layers are wanted too: computed meanwhile, they cost little more.
enum class Hashing : std::uint8_t { kNo, kToo };

// Every blob once, but for those of which cached, which may be null, has a record. Indexes the
// layers.
BlobHits SearchLayers(const internal::ImageState& image, const ValueSet& set,
                      const SearchLimits& limits, Hashing hashing, CachedLayers* cached = nullptr);

}  // namespace watertight
