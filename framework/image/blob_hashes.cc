#include "framework/image/blob_hashes.h"

#include <algorithm>
#include <memory>
#include <vector>

#include "framework/image/decompress.h"
#include "framework/image/mapped_bytes.h"

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

namespace {

constexpr std::size_t kRead = std::size_t{256} << 10;

// False where the bytes cannot be mapped. Throws: Error, kIo.
bool HashMapped(const ByteSource& bytes, BlobHasher* hasher, ReadProgress* progress) {
  const std::unique_ptr<MappedBytes> mapped = bytes.Map(0, bytes.size());
  if (mapped == nullptr) return false;
  for (std::string_view piece; !(piece = mapped->Next(kRead)).empty();) {
    hasher->Uncompressed(piece);
    if (progress != nullptr) progress->Add(piece.size());
  }
  mapped->Check();
  return true;
}

}  // namespace

BlobHashes HashBlob(const SharedBytes& bytes, Compression compression, const Limits& limits,
                    ReadProgress* progress) {
  try {
    BlobHasher hasher(compression);
    if (compression == Compression::kNone && HashMapped(*bytes, &hasher, progress)) {
      return hasher.Finish();
    }
    StoredSink sink;
    if (compression != Compression::kNone) {
      sink = [&hasher](const StoredPiece& piece) { hasher.Stored(piece.bytes); };
    }
    const std::unique_ptr<ByteStream> stream = Decompress(bytes, limits, sink);
    std::vector<char> buffer(kRead);
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
