// Reads one stored layer: its index in one pass, and contents on demand.

#pragma once

#include <atomic>
#include <string>

#include "framework/image/bytes.h"
#include "framework/image/layer_index.h"
#include "watertight/image.h"

namespace watertight {

// place opens every error: "app.tar: layer 2 (blobs/sha256/9d1c…)". The index keeps `stored` for
// reading contents. Throws: Error.
LayerIndex IndexLayer(const SharedBytes& stored, const Limits& limits, const std::string& place,
                      std::atomic<std::uint64_t>* bytes_done);

// All bytes of the uncompressed tar, in pieces of at most 1 MiB. Throws: Error, with place.
void ReadLayer(const SharedBytes& stored, const Limits& limits, const std::string& place,
               const std::function<void(std::string_view)>& sink);

}  // namespace watertight
