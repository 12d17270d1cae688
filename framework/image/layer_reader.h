// Reads one stored layer: its index in one pass, and contents on demand.

#pragma once

#include <memory>
#include <string>

#include "framework/image/block_stream.h"
#include "framework/image/bytes.h"
#include "framework/image/layer_index.h"
#include "framework/image/read_progress.h"
#include "framework/image/tar_entry.h"
#include "watertight/image.h"

namespace watertight {

// Sees a layer while it is read for its index.
class LayerVisitor {
 public:
  virtual ~LayerVisitor() = default;
  // Every byte of the uncompressed tar, in order, and of a compressed layer as it is stored too.
  // ahead: as of BlockStream.
  virtual void Take(const SharedBlock& block, bool ahead) = 0;
  // The reader stands at the entry's content; stored_size bytes may be read from it.
  virtual void Content(const TarEntry& entry, Reader* reader) = 0;
  // The reader stands at what follows the end of the tar and its zeros, if anything does.
  virtual void Trailer(Reader* reader) = 0;
};

// place opens every error: "app.tar: layer 2 (blobs/sha256/9d1c…)". The index keeps `stored` for
// reading contents. progress may be null, and so may visitor; without one, contents of plain layers
// are not read. With one, a compressed layer is undone ahead by a thread of its own, unless
// threads, as in OpenOptions, is 1. Throws: Error.
LayerIndex IndexLayer(const SharedBytes& stored, const Limits& limits, const std::string& place,
                      ReadProgress* progress, LayerVisitor* visitor = nullptr,
                      unsigned threads = 1);

// Reads contents of an indexed layer; what its index keeps.
std::unique_ptr<ContentReader> ContentsOf(SharedBytes stored, const Limits& limits,
                                          std::string place);

// All bytes of the uncompressed tar, in pieces of at most 1 MiB. Throws: Error, with place.
void ReadLayer(const SharedBytes& stored, const Limits& limits, const std::string& place,
               const std::function<void(std::string_view)>& sink);

}  // namespace watertight
