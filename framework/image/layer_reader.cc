#include "framework/image/layer_reader.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "framework/image/decompress.h"
#include "framework/image/libarchive.h"
#include "framework/image/path.h"
#include "framework/image/tar_fields.h"
#include "framework/image/tar_walk.h"

namespace watertight {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;

Error At(const std::string& place, const Error& error) {
  return Error(error.code(), place + ": " + error.what());
}

class LayerContent : public ContentReader {
 public:
  LayerContent(SharedBytes stored, Limits limits, std::string place)
      : stored_(std::move(stored)), limits_(limits), place_(std::move(place)) {}

  void ReadContent(const Entry& entry,
                   const std::function<void(std::string_view)>& sink) const override {
    try {
      const std::unique_ptr<Reader> reader = UncompressedReader(stored_, limits_);
      if (entry.sparse()) {
        reader->Skip(entry.header_offset());
        ReadSparseContent(reader.get(), sink);
        return;
      }
      reader->Skip(entry.content_offset());
      for (std::uint64_t left = entry.size(); left > 0;) {
        const std::string_view piece =
            reader->Peek(static_cast<std::size_t>(std::min<std::uint64_t>(left, kPiece)));
        if (piece.empty()) {
          throw Error(ErrorCode::kTruncated, "ends inside " + Printable(entry.path()));
        }
        sink(piece);
        reader->Skip(piece.size());
        left -= piece.size();
      }
    } catch (const Error& error) {
      throw At(place_, error);
    }
  }

 private:
  SharedBytes stored_;
  Limits limits_;
  std::string place_;
};

// What an index may take beside its entries' own 48 bytes: names, links, PAX records.
constexpr std::uint64_t kMetadataBytes = std::uint64_t{2} << 30;

// EntryRecord counts blocks with 32 bits.
constexpr std::uint64_t kMostOffset = std::uint64_t{UINT32_MAX} * kTarBlock;

std::uint64_t MetadataSize(const TarEntry& entry) {
  std::uint64_t size = entry.name.size() + entry.link.size();
  for (const auto& [key, value] : entry.pax) size += key.size() + value.size() + 2;
  return size;
}

}  // namespace

LayerIndex IndexLayer(const SharedBytes& stored, const Limits& limits, const std::string& place,
                      ReadProgress* progress, LayerVisitor* visitor, unsigned threads) {
  try {
    std::uint64_t counted = 0;
    const auto count = [&](std::uint64_t size) {
      counted += size;
      if (progress != nullptr) progress->Add(size);
    };
    std::unique_ptr<BlockStream> blocks;
    std::unique_ptr<Reader> reader;
    if (visitor != nullptr) {
      blocks = DecompressInBlocks(stored, limits, threads);
      reader = BlockReader(blocks.get(), [visitor, &count](const SharedBlock& block, bool ahead) {
        count(block->stored_size);
        visitor->Take(block, ahead);
      });
    } else {
      const bool plain = DetectCompression(*stored) == Compression::kNone;
      const auto sink = [&count](const StoredPiece& piece) { count(piece.bytes.size()); };
      reader = UncompressedReader(stored, limits, plain ? StoredSink() : sink);
    }
    TarWalk walk(reader.get(), limits);
    EntryTable table;
    TarEntry entry;
    std::uint64_t metadata = 0;
    while (walk.Next(&entry)) {
      metadata += MetadataSize(entry);
      if (table.entries().size() >= limits.entries || metadata > kMetadataBytes ||
          entry.content_offset > kMostOffset) {
        throw Error(
            ErrorCode::kLimitExceeded,
            "has more entries, longer headers or more bytes than the limits allow, near byte " +
                std::to_string(entry.header_offset));
      }
      table.Add(entry);
      if (visitor != nullptr && entry.stored_size > 0) visitor->Content(entry, reader.get());
    }
    table.Finish();
    const std::uint64_t end = reader->position();
    LayerIndex index;
    if (walk.SkipZeros()) {
      index.trailer = reader->position();
      if (visitor != nullptr) visitor->Trailer(reader.get());
      while (reader->Skip(Reader::kMaxPeek) > 0) {
      }
      table.notes().push_back(
          {"trailing-bytes", std::nullopt, "",
           "bytes other than zero follow the end of the tar at byte " + std::to_string(end)});
    }
    index.size = reader->position();
    if (progress != nullptr) progress->Add(stored->size() - std::min(counted, stored->size()));
    index.entries = std::move(table.entries());
    index.notes = std::move(table.notes());
    index.tables = std::move(table.tables());
    index.tables->content = ContentsOf(stored, limits, place);
    return index;
  } catch (const Error& error) {
    throw At(place, error);
  }
}

std::unique_ptr<ContentReader> ContentsOf(SharedBytes stored, const Limits& limits,
                                          std::string place) {
  return std::make_unique<LayerContent>(std::move(stored), limits, std::move(place));
}

void ReadLayer(const SharedBytes& stored, const Limits& limits, const std::string& place,
               const std::function<void(std::string_view)>& sink) {
  try {
    const std::unique_ptr<ByteStream> stream = Decompress(stored, limits);
    std::vector<char> buffer(kPiece);
    while (const std::size_t got = stream->Read(buffer.data(), buffer.size())) {
      sink(std::string_view(buffer.data(), got));
    }
  } catch (const Error& error) {
    throw At(place, error);
  }
}

}  // namespace watertight
