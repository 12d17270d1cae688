#include "framework/image/blob_hashes.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "framework/image/decompress.h"

namespace watertight {

void BlobHasher::Stored(const ByteSource& blob, const Block& block) {
  std::uint64_t done = 0;
  for (const StoredPiece& piece : block.stored) {
    Stored(piece.bytes);
    done += piece.bytes.size();
  }
  constexpr std::size_t kPiece = std::size_t{64} << 10;  // stays in the processor's cache
  std::vector<char> buffer;
  while (done < block.stored_size) {
    buffer.resize(kPiece);
    const auto most =
        static_cast<std::size_t>(std::min<std::uint64_t>(block.stored_size - done, kPiece));
    const std::size_t got = blob.ReadAt(block.stored_offset + done, buffer.data(), most);
    if (got == 0) return;  // It was cut meanwhile: the digest tells.
    Stored(std::string_view(buffer.data(), got));
    done += got;
  }
}

BlobHashes BlobHasher::Finish() {
  BlobHashes hashes;
  hashes.uncompressed = uncompressed_.Digest();
  hashes.stored = plain_ ? hashes.uncompressed : stored_.Digest();
  return hashes;
}

BlobHashes HashBlob(const SharedBytes& bytes, Compression compression, const Limits& limits,
                    ReadProgress* progress) {
  try {
    BlobHasher hasher(compression);
    StoredSink sink;
    if (compression != Compression::kNone) {
      sink = [&hasher](const StoredPiece& piece) { hasher.Stored(piece.bytes); };
    }
    const std::unique_ptr<ByteStream> stream = Decompress(bytes, limits, sink);
    std::vector<char> buffer(std::size_t{256} << 10);
    while (const std::size_t got = stream->Read(buffer.data(), buffer.size())) {
      hasher.Uncompressed(std::string_view(buffer.data(), got));
      if (progress != nullptr) progress->Add(got);
    }
    return hasher.Finish();
  } catch (const Error& error) {
    BlobHashes hashes;
    hashes.error = error;
    return hashes;
  }
}

}  // namespace watertight
