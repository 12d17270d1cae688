#include "framework/scan/layer_search.h"

#include <algorithm>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <utility>

#include "framework/image/blob_hashes.h"
#include "framework/image/parallel.h"
#include "framework/image/streams.h"
#include "framework/image/worker_sink.h"
#include "framework/scan/containers.h"
#include "framework/scan/layer_containers.h"
#include "framework/scan/plain_search.h"
#include "framework/scan/stored_parts.h"

namespace watertight {
namespace {

using internal::ImageState;
using internal::LayerBlob;

void DropInside(const ContentSpans& spans, LayerHits* hits) {
  std::erase_if(hits->plain, [&](const FoundValue& found) { return IsToldInside(found, spans); });
  std::erase_if(hits->unread, [&](std::uint64_t offset) { return IsInside(offset, spans); });
}

// A layer that comes in order, once.
class StreamedLayer : public LayerVisitor {
 public:
  // stored outlives it.
  StreamedLayer(const ByteSource& stored, const ValueSet& set, const SearchLimits& limits,
                unsigned threads, std::optional<BlobHasher> hasher)
      : stored_(stored),
        contents_(set, limits),
        search_(set, &scratch_, ByteSearch::Lines::kNotCounted),
        hasher_(std::move(hasher)),
        worker_([this](const Block& block) { Search(block); }, threads) {}

  void Take(const SharedBlock& block) override {
    worker_.Give(block);
    if (hasher_) hasher_->Stored(stored_, *block);
  }

  // Sparse files are opened when all is indexed: what is stored of them is not their content.
  void Content(const TarEntry& entry, Reader* reader) override {
    if (entry.sparse) return;
    const std::string_view head = reader->Peek(
        static_cast<std::size_t>(std::min<std::uint64_t>(entry.stored_size, kLongHead)));
    ContainerPlace place{nullptr, entry.content_offset, entry.stored_size, entry.name, false};
    if (!IsOpened(entry.name, head.substr(0, kContainerHead))) {
      place.holds_zip = head.find("PK\x03\x04") != std::string_view::npos;
      if (!place.holds_zip) return;
    }
    opened_.emplace_back(place.offset, place.offset + place.size);
    const std::unique_ptr<Reader> content = StreamingReader(PartStream(reader, entry.stored_size));
    OpenContent(place, content.get(), &contents_, &hits_, &spans_);
  }

  void Trailer(Reader* reader) override {
    const std::uint64_t offset = reader->position();
    const std::unique_ptr<Reader> content = StreamingReader(PartStream(reader, kUnknownSize));
    OpenContent({nullptr, offset, kUnknownSize, "", true}, content.get(), &contents_, &hits_,
                &spans_);
  }

  // Before any other thing is asked of it.
  LayerHits Finish() {
    worker_.Finish();
    search_.Finish();
    hits_.plain = search_.found();
    hits_.unread = search_.unread();
    hits_.not_listed = search_.left_out();
    for (const std::uint64_t end : search_.zip_ends()) {
      const bool opened = std::any_of(opened_.begin(), opened_.end(), [end](const auto& one) {
        return end >= one.first && end < one.second;
      });
      if (!opened) hits_.zip_ends.push_back(end);
    }
    DropInside(spans_, &hits_);
    return std::move(hits_);
  }

  BlobHashes Hashes() { return hasher_->Finish(); }

 private:
  // A zip may begin behind some other bytes.
  static constexpr std::size_t kLongHead = 4096;

  void Search(const Block& block) {
    search_.Take(block.bytes);
    if (hasher_) hasher_->Uncompressed(block.bytes);
  }

  const ByteSource& stored_;
  ContentSearch contents_;
  LiteralSet::Scratch scratch_;
  ByteSearch search_;
  std::optional<BlobHasher> hasher_;
  LayerHits hits_;
  ContentSpans spans_;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> opened_;
  WorkerSink worker_;  // the last one: its thread uses the others
};

class LayersSearch {
 public:
  LayersSearch(const ImageState& image, const ValueSet& set, const SearchLimits& limits,
               Hashing hashing, CachedLayers* cached)
      : image_(image), set_(set), limits_(limits), hashing_(hashing), cached_(cached) {}

  BlobHits Run() {
    for (const auto& blob : image_.layer_blobs) blobs_.push_back(blob.get());
    // What is in the cache is known only when all of its layers are.
    if (cached_ != nullptr || !IndexAndSearch()) SearchIndexed();
    SearchStoredParts();
    OpenSparseFiles(image_, blobs_, set_, limits_, &hits_);
    // Last, for what is told better inside is gone.
    for (auto& [blob, hits] : hits_) {
      std::erase_if(hits.plain, [&hits = hits](const FoundValue& found) {
        return !MayList(found.secret, &hits);
      });
    }
    return std::move(hits_);
  }

 private:
  static bool IsPlain(const LayerBlob& blob) { return blob.compression == Compression::kNone; }

  // False when the layers were indexed before.
  bool IndexAndSearch() {
    PlainSearch plain(image_, set_, blobs_, Hashed());
    const bool first = image_.Index(
        [this](LayerBlob& blob, const auto& index) {
          IsPlain(blob) ? index(nullptr) : IndexStreamed(&blob, index);
        },
        {plain.pieces(), plain.bytes(),
         [&](const NextPiece& next, ReadProgress* progress) { plain.Work(next, progress); }});
    if (first) TakePlain(plain.Finish());
    return first;
  }

  void SearchIndexed() {
    const bool indexed = !image_.Index([this](LayerBlob& blob, const auto& index) {
      if (cached_->Find(&blob)) return cached_->RestoreIndex(&blob);
      IsPlain(blob) ? index(nullptr) : IndexStreamed(&blob, index);
    });
    if (cached_ != nullptr) {
      if (indexed) FindInCache();
      std::erase_if(blobs_, [this](const LayerBlob* blob) { return cached_->RecordOf(*blob); });
    }
    if (indexed) ReadAgain();
    PlainSearch plain(image_, set_, blobs_, Hashed());
    ReadProgress progress(image_.options.progress, plain.bytes());
    RunInParallel(plain.pieces(), image_.options.threads,
                  [&](const NextPiece& next) { plain.Work(next, &progress); });
    TakePlain(plain.Finish());
  }

  void IndexStreamed(LayerBlob* blob, const std::function<void(LayerVisitor*)>& index) {
    SearchStreamed(*blob, [&](LayerVisitor* layer) {
      index(layer);
      return !blob->error;
    });
  }

  PlainSearch::Blobs Hashed() const {
    PlainSearch::Blobs hashed;
    for (const LayerBlob* blob : image_.LargestFirst()) {
      if (IsHashed(*blob)) hashed.push_back(blob);
    }
    return hashed;
  }

  void Keep(const LayerBlob& blob, LayerHits hits) {
    const std::lock_guard<std::mutex> lock(mutex_);
    hits_[&blob] = std::move(hits);
  }

  void FindInCache() {
    const auto& blobs = image_.layer_blobs;
    RunInParallel(blobs.size(), image_.options.threads, [&](const NextPiece& next) {
      while (const auto i = next()) cached_->Find(blobs[*i].get());
    });
  }

  // The compressed ones, which were indexed before without a search.
  void ReadAgain() {
    RunInParallel(blobs_.size(), image_.options.threads, [&](const NextPiece& next) {
      while (const auto i = next()) {
        const LayerBlob& blob = *blobs_[*i];
        if (IsPlain(blob)) continue;
        SearchStreamed(blob, [&](LayerVisitor* layer) {
          try {
            IndexLayer(blob.bytes, image_.options.limits, blob.place, nullptr, layer,
                       image_.options.threads);
          } catch (const Error&) {
            return false;  // the blob's own error tells of it
          }
          return true;
        });
      }
    });
  }

  // read: false when not all of the blob could be read.
  void SearchStreamed(const LayerBlob& blob, const std::function<bool(LayerVisitor*)>& read) {
    std::optional<BlobHasher> hasher;
    if (IsHashed(blob)) hasher.emplace(blob.compression);
    const bool hashes = hasher.has_value();
    StreamedLayer layer(*blob.bytes, set_, limits_, image_.options.threads, std::move(hasher));
    const bool whole = read(&layer);
    Keep(blob, layer.Finish());
    if (whole && hashes) ImageState::KeepHashes(blob, layer.Hashes());
  }

  bool IsHashed(const LayerBlob& blob) const {
    return hashing_ == Hashing::kToo && !blob.has_hashes && !blob.error;
  }

  void TakePlain(const std::vector<LayerSegment>& segments) {
    for (const LayerBlob* blob : blobs_) {
      if (blob->error) hits_[blob].error = blob->error_text;
    }
    for (const LayerSegment& segment : segments) {
      LayerHits& hits = hits_[segment.blob];
      hits.plain.insert(hits.plain.end(), segment.found.begin(), segment.found.end());
      hits.unread.insert(hits.unread.end(), segment.unread.begin(), segment.unread.end());
      hits.not_listed += segment.not_listed;
      if (hits.error.empty()) hits.error = segment.error;
    }
    OpenPlain(segments);
  }

  void OpenPlain(const std::vector<LayerSegment>& segments) {
    std::vector<ContainerPlace> places;
    for (const LayerSegment& segment : segments) {
      for (const Entry* entry : *segment.containers) {
        places.push_back({segment.blob, entry->content_offset(), entry->stored_size(),
                          std::string(entry->stored_name()), false});
      }
    }
    AddZips(segments, &places);
    for (const LayerBlob* blob : blobs_) {
      const std::uint64_t trailer = blob->index.trailer;
      if (!IsPlain(*blob) || trailer == 0) continue;
      places.push_back({blob, trailer, blob->bytes->size() - trailer, "", true});
    }
    std::map<const LayerBlob*, ContentSpans> spans;
    for (OpenedContainer& opened : OpenContainers(places, set_, limits_, image_.options.threads)) {
      LayerHits& hits = hits_[opened.place.blob];
      hits.not_listed += opened.hits.not_listed;
      for (LayerHits::Inside& inside : opened.hits.inside) {
        if (MayList(inside.finding.value.secret, &hits)) hits.inside.push_back(std::move(inside));
      }
      std::move(opened.hits.left_out.begin(), opened.hits.left_out.end(),
                std::back_inserter(hits.left_out));
      ContentSpans& of_blob = spans[opened.place.blob];
      of_blob.insert(of_blob.end(), opened.spans.begin(), opened.spans.end());
    }
    for (auto& [blob, of_blob] : spans) {
      std::sort(of_blob.begin(), of_blob.end(),
                [](const ContentSpan& a, const ContentSpan& b) { return a.begin < b.begin; });
      DropInside(of_blob, &hits_[blob]);
    }
  }

  // Files in which a zip ends that does not begin them.
  static void AddZips(const std::vector<LayerSegment>& segments,
                      std::vector<ContainerPlace>* places) {
    std::set<std::pair<const LayerBlob*, std::uint64_t>> known;
    for (const ContainerPlace& place : *places) known.emplace(place.blob, place.offset);
    for (const LayerSegment& segment : segments) {
      const std::vector<Entry>& entries = segment.blob->index.entries;
      for (const std::uint64_t end : segment.zip_ends) {
        const auto behind = std::partition_point(
            entries.begin(), entries.end(),
            [end](const Entry& entry) { return entry.content_offset() <= end; });
        if (behind == entries.begin()) continue;
        const Entry& entry = *std::prev(behind);
        const bool inside = end < entry.content_offset() + entry.stored_size();
        if (!inside || entry.sparse()) continue;
        if (!known.emplace(segment.blob, entry.content_offset()).second) continue;
        places->push_back({segment.blob, entry.content_offset(), entry.stored_size(),
                           std::string(entry.stored_name()), false, true});
      }
    }
  }

  // What stands in compressed layers beside what is compressed.
  void SearchStoredParts() {
    ContentSearch contents(set_, limits_);
    for (const LayerBlob* blob : blobs_) {
      if (IsPlain(*blob)) continue;
      LayerHits& hits = hits_[blob];
      try {
        for (const StoredPart& part : StoredParts(*blob->bytes, blob->index.size)) {
          SearchStoredPart(*blob, part, &contents, &hits);
        }
      } catch (const Error& error) {
        if (hits.error.empty()) hits.error = blob->place + ": " + error.what();
      }
    }
  }

  static void SearchStoredPart(const LayerBlob& blob, const StoredPart& part,
                               ContentSearch* contents, LayerHits* hits) {
    const ContentSearch::Sink kept = SinkOf({&blob, 0, part.size, "", true}, hits);
    const ContentSearch::Sink sink = {[&](ContentFinding found) {
                                        if (found.depth == 0) found.value.offset += part.begin;
                                        kept.found(std::move(found));
                                      },
                                      kept.left_out};
    const auto stream = StoredStream(PartOf(blob.bytes, part.begin, part.size));
    contents->Search(stream.get(), part.size, {}, sink);
  }

  const ImageState& image_;
  const ValueSet& set_;
  const SearchLimits& limits_;
  Hashing hashing_;
  CachedLayers* cached_;
  std::vector<const LayerBlob*> blobs_;  // to be searched
  std::mutex mutex_;
  BlobHits hits_;
};

}  // namespace

bool MayList(int secret, LayerHits* hits) {
  std::size_t& listed = hits->listed[secret];
  const bool may = listed < ByteSearch::kMostFound;
  may ? ++listed : ++hits->not_listed;
  return may;
}

BlobHits SearchLayers(const ImageState& image, const ValueSet& set, const SearchLimits& limits,
                      Hashing hashing, CachedLayers* cached) {
  return LayersSearch(image, set, limits, hashing, cached).Run();
}

}  // namespace watertight
