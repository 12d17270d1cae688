#include "framework/scan/streamed_layer.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

#include "framework/image/path.h"
#include "framework/image/streams.h"
#include "framework/scan/containers.h"
#include "framework/scan/file_rules.h"
#include "framework/scan/layer_containers.h"
#include "framework/scan/package_lists.h"

namespace watertight {
namespace {

// A zip may begin behind some other bytes.
constexpr std::size_t kLongHead = 4096;

// Whether the content is looked at for the name of its file, whatever is found in it.
bool IsWantedByName(const TarEntry& entry) {
  const CleanedName name = CleanName(entry.name);
  return HasFileRule(name.path, entry.size) || IsPackageList(name.path);
}

// All that comes of it before an error, which is thrown then.
void ReadPart(Reader* reader, std::uint64_t size, std::string* content) {
  content->reserve(static_cast<std::size_t>(size));
  std::size_t most = Reader::kMaxPeek;
  while (content->size() < size) {
    std::string_view piece;
    try {
      piece = reader->Peek(
          static_cast<std::size_t>(std::min<std::uint64_t>(size - content->size(), most)));
    } catch (const Error&) {
      if (most == 1) throw;
      most /= 2;  // fewer bytes may be there
      continue;
    }
    if (piece.empty()) return;
    content->append(piece);
    reader->Skip(piece.size());
  }
}

}  // namespace

StreamedLayer::StreamedLayer(const ByteSource& stored, const ValueSet& set,
                             const SearchLimits& limits, unsigned threads, ContentBudget* budget,
                             std::optional<BlobHasher> hasher)
    : stored_(stored),
      set_(set),
      budget_(*budget),
      contents_(set, limits),
      search_(set, &scratch_, ByteSearch::Lines::kNotCounted),
      hasher_(std::move(hasher)),
      recent_(budget),
      pool_(set, limits, threads),
      worker_([this](const SharedBlock& block) { Search(block); }, threads) {}

void StreamedLayer::Take(const SharedBlock& block, bool ahead) {
  worker_.Give(block, ahead);
  if (hasher_) hasher_->Stored(stored_, *block);
}

void StreamedLayer::Content(const TarEntry& entry, Reader* reader) {
  if (entry.sparse) return;
  const std::uint64_t begin = entry.content_offset;
  const bool found_inside = OpenIfContainer(entry, reader);
  const bool by_name = set_.rules() != nullptr && IsWantedByName(entry);
  recent_.Expect(begin, entry.stored_size, found_inside || by_name);
}

void StreamedLayer::Trailer(Reader* reader) {
  const std::uint64_t offset = reader->position();
  const std::unique_ptr<Reader> content = StreamingReader(PartStream(reader, kUnknownSize));
  OpenHere({nullptr, offset, kUnknownSize, "", true}, content.get());
}

LayerHits StreamedLayer::Finish() {
  worker_.Finish();
  search_.Finish();
  hits_.contents = recent_.Finish(search_.TakeOffsets());
  hits_.plain = search_.found();
  hits_.unread = search_.unread();
  hits_.not_listed += search_.left_out();
  for (const std::uint64_t end : search_.zip_ends()) {
    const bool opened = std::any_of(opened_.begin(), opened_.end(), [end](const auto& one) {
      return end >= one.first && end < one.second;
    });
    if (!opened) hits_.zip_ends.push_back(end);
  }
  TakeOpened();
  DropInside(spans_, &hits_);
  return std::move(hits_);
}

void StreamedLayer::Search(const SharedBlock& block) {
  search_.Take(block->bytes);
  if (hasher_) hasher_->Uncompressed(block->bytes);
  recent_.Take(block, search_.TakeOffsets());
}

bool StreamedLayer::OpenHere(ContainerPlace place, Reader* content) {
  large_.push_back({std::move(place), {}, {}, nullptr});
  OpenedContainer& one = large_.back();
  OpenContent(one.place, content, &contents_, &one.hits, &one.spans);
  return !one.hits.inside.empty();
}

// What can be read of a container that is damaged is searched too.
void StreamedLayer::OpenBeside(const ContainerPlace& place, Reader* reader) {
  std::string content;
  try {
    ReadPart(reader, place.size, &content);
  } catch (const Error&) {
    pool_.Open(place, std::move(content));
    throw;
  }
  pool_.Open(place, std::move(content));
}

bool StreamedLayer::OpenIfContainer(const TarEntry& entry, Reader* reader) {
  const std::string_view head =
      reader->Peek(static_cast<std::size_t>(std::min<std::uint64_t>(entry.stored_size, kLongHead)));
  ContainerPlace place{nullptr, entry.content_offset, entry.stored_size, entry.name, false};
  if (!IsOpened(entry.name, head.substr(0, kContainerHead))) {
    place.holds_zip = head.find("PK\x03\x04") != std::string_view::npos;
    if (!place.holds_zip) return false;
  }
  opened_.emplace_back(place.offset, place.offset + place.size);
  if (place.size <= ContainerPool::kLargest) {
    OpenBeside(place, reader);
    return false;
  }
  const std::unique_ptr<Reader> content = StreamingReader(PartStream(reader, entry.stored_size));
  return OpenHere(place, content.get());
}

void StreamedLayer::Keep(const OpenedContainer& opened) {
  const std::string* const content = opened.content.get();
  if (content == nullptr || content->size() != opened.place.size) return;
  if (hits_.contents.count(opened.place.offset) != 0 || !budget_.Take(content->size())) return;
  hits_.contents.emplace(opened.place.offset, *content);
}

// In the order of the tar: when there are too many findings the first ones are listed.
void StreamedLayer::TakeOpened() {
  std::vector<OpenedContainer> all = pool_.Finish();
  std::move(large_.begin(), large_.end(), std::back_inserter(all));
  std::sort(all.begin(), all.end(), [](const OpenedContainer& a, const OpenedContainer& b) {
    return a.place.offset < b.place.offset;
  });
  for (OpenedContainer& opened : all) {
    Keep(opened);
    AddOpened(std::move(opened), &hits_, &spans_);
  }
  SortSpans(&spans_);
}

}  // namespace watertight
