// What a compressed blob expands to, in blocks that several threads look at without copies.
//
//   const auto blocks = DecompressInBlocks(bytes, limits, options.threads);
//   const auto reader = BlockReader(blocks.get(), give_to_worker);

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "framework/image/bytes.h"
#include "framework/image/decompress.h"
#include "watertight/image.h"

namespace watertight {

struct Block {
  // What was read for it of compressed bytes, behind that of the block before; nothing of plain
  // ones. Where much of them expands to nothing only the first of it is here.
  std::vector<StoredPiece> stored;
  std::uint64_t stored_offset = 0;  // of all of it
  std::uint64_t stored_size = 0;
  std::string bytes;
};

using SharedBlock = std::shared_ptr<const Block>;

class BlockStream {
 public:
  virtual ~BlockStream() = default;
  // The next one; null at the end. Throws as ByteStream::Read, after the bytes before the error,
  // and the same again when it is asked again.
  virtual SharedBlock Next() = 0;
  // Whether so many blocks are there already that the one who asks is what takes longest.
  virtual bool IsAhead() { return false; }
};

// As Decompress. A thread of its own does the work ahead of the one that asks. threads as in
// OpenOptions; with 1, or when the system gives no thread, nothing runs ahead.
std::unique_ptr<BlockStream> DecompressInBlocks(const SharedBytes& bytes, const Limits& limits,
                                                unsigned threads);

// Each block passes through sink before its bytes can be read; ahead: as IsAhead. The stream must
// outlive the reader.
using BlockSink = std::function<void(const SharedBlock& block, bool ahead)>;
std::unique_ptr<Reader> BlockReader(BlockStream* stream, BlockSink sink);

}  // namespace watertight
