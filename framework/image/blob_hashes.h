// The digests of a stored blob, as they are or as a by-product of reading it for something else.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "framework/image/block_stream.h"
#include "framework/image/bytes.h"
#include "framework/image/read_progress.h"
#include "framework/image/sha256.h"
#include "watertight/image.h"
#include "watertight/layer.h"

namespace watertight {

struct BlobHashes {
  std::string stored;  // "sha256:…"; empty with an error
  std::string uncompressed;
  std::optional<Error> error;  // why not all of it can be read
};

class BlobHasher {
 public:
  explicit BlobHasher(Compression compression) : plain_(compression == Compression::kNone) {}

  // Every byte of a compressed blob, in order. Of a plain one nothing.
  void Stored(std::string_view piece) { stored_.Update(piece); }
  // The same of a block, all of it: what the block does not hold is read again. Throws: Error, kIo.
  void Stored(const ByteSource& blob, const Block& block);
  // Every byte that it expands to, in order; may be called in another thread than Stored.
  void Uncompressed(std::string_view piece) { uncompressed_.Update(piece); }
  // Once.
  BlobHashes Finish();

 private:
  bool plain_;
  Sha256 stored_;
  Sha256 uncompressed_;
};

// One pass over a blob. Never throws Error. progress may be null; it counts what the blob expands
// to.
BlobHashes HashBlob(const SharedBytes& bytes, Compression compression, const Limits& limits,
                    ReadProgress* progress = nullptr);

}  // namespace watertight
