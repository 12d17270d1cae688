#include "framework/scan/segment_search.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string_view>

#include "framework/image/mapped_bytes.h"
#include "framework/scan/containers.h"
#include "framework/scan/layer_containers.h"

namespace watertight {
namespace {

using internal::LayerBlob;

// The bytes of a segment and of what follows it: where they stand, if they can be mapped, and read
// into the search's room otherwise.
class Pieces {
 public:
  // Resets the search, which must outlive it.
  Pieces(const ByteSource& bytes, std::uint64_t begin, std::uint64_t end, ByteSearch* search)
      : bytes_(bytes), end_(end), search_(search) {
    search_->Reset(begin);
    mapped_ = bytes_.Map(begin, end + kBeyond - begin);
  }
  Pieces(const Pieces&) = delete;
  Pieces& operator=(const Pieces&) = delete;
  ~Pieces() { search_->Detach(); }

  // The next piece, which begins at that offset; empty at the end of the bytes.
  std::string_view Next(std::uint64_t offset) {
    const std::string_view mapped = NextMapped();
    if (!mapped.empty()) return mapped;
    char* const room = search_->room();
    const std::size_t got = bytes_.ReadAt(offset, room, std::min(kPiece, search_->room_size()));
    if (got == 0 && offset < end_) {
      throw Error(ErrorCode::kIo, "it became shorter while it was read");
    }
    return {room, got};
  }
  // After the last one. Throws: Error, kIo, when not all of them were there.
  void Check() const {
    if (mapped_ != nullptr) mapped_->Check();
  }

 private:
  static constexpr std::size_t kPiece = std::size_t{256} << 10;
  static constexpr std::uint64_t kBeyond = 2 * kPiece;  // mostly enough to decide all

  std::string_view NextMapped() {
    if (mapped_ == nullptr) return {};
    const std::string_view next = mapped_->Next(kPiece);
    if (!next.empty()) {
      if (!attached_) search_->Attach(next.data());
      attached_ = true;
      return next;
    }
    search_->Detach();
    mapped_->Check();
    mapped_ = nullptr;
    return {};
  }

  const ByteSource& bytes_;
  std::uint64_t end_;
  ByteSearch* search_;
  std::unique_ptr<MappedBytes> mapped_;
  bool attached_ = false;
};

// piece: what has been read from the content's begin on.
bool IsContainer(const LayerBlob& blob, const Entry& entry, std::string_view piece) {
  const std::uint64_t size = entry.stored_size();
  const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size, kContainerHead));
  if (wanted == 0 || entry.sparse()) return false;
  if (piece.size() >= wanted) return IsOpened(entry.stored_name(), piece.substr(0, wanted));
  char head[kContainerHead];
  const std::size_t got = blob.bytes->ReadAt(entry.content_offset(), head, wanted);
  return IsOpened(entry.stored_name(), std::string_view(head, got));
}

// Of files whose content begins in [begin, end), all in the segment.
template <typename Take>
void ForEntries(const LayerSegment& segment, std::uint64_t begin, std::uint64_t end,
                const Take& take) {
  const std::vector<Entry>& entries = segment.blob->index.entries;
  end = std::min(end, segment.end);
  auto entry = std::partition_point(entries.begin(), entries.end(), [&](const Entry& one) {
    return one.content_offset() < std::max(begin, segment.begin);
  });
  for (; entry != entries.end() && entry->content_offset() < end; ++entry) take(*entry);
}

void AddContainers(std::string_view piece, std::uint64_t offset, LayerSegment* segment) {
  ForEntries(*segment, offset, offset + piece.size(), [&](const Entry& entry) {
    const auto begin = static_cast<std::size_t>(entry.content_offset() - offset);
    if (IsContainer(*segment->blob, entry, piece.substr(begin))) {
      segment->containers->push_back(&entry);
    }
  });
}

void SearchPieces(ByteSearch* search, LayerSegment* segment) {
  // Rules look back; what begins before is found in the segment before.
  std::uint64_t at = segment->begin - std::min<std::uint64_t>(segment->begin, kLookBehind);
  if (segment->blob->indexed) segment->containers.emplace();
  Pieces pieces(*segment->blob->bytes, at, segment->end, search);
  while (at < segment->end || !search->IsDecidedBefore(segment->end)) {
    const std::string_view piece = pieces.Next(at);
    if (piece.empty()) break;
    const std::uint64_t end = at + piece.size();
    if (segment->containers) AddContainers(piece, at, segment);
    at = end;
    search->Take(piece.size());
  }
  pieces.Check();
}

}  // namespace

void SearchSegment(ByteSearch* search, LayerSegment* segment) {
  try {
    SearchPieces(search, segment);
  } catch (const Error& error) {
    segment->error = segment->blob->place + ": " + error.what();
  }
  search->Finish();
  const auto is_here = [segment](std::uint64_t offset) {
    return offset >= segment->begin && offset < segment->end;
  };
  segment->not_listed = search->left_out();
  std::copy_if(search->unread().begin(), search->unread().end(),
               std::back_inserter(segment->unread), is_here);
  std::copy_if(search->zip_ends().begin(), search->zip_ends().end(),
               std::back_inserter(segment->zip_ends), is_here);
  std::copy_if(search->found().begin(), search->found().end(), std::back_inserter(segment->found),
               [&](const FoundValue& found) { return is_here(found.head.value_or(found.offset)); });
}

void FindContainers(LayerSegment* segment) {
  if (segment->containers) return;
  segment->containers.emplace();
  try {
    ForEntries(*segment, segment->begin, segment->end, [&](const Entry& entry) {
      if (IsContainer(*segment->blob, entry, {})) segment->containers->push_back(&entry);
    });
  } catch (const Error& error) {
    if (segment->error.empty()) segment->error = segment->blob->place + ": " + error.what();
  }
}

}  // namespace watertight
