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
#include "framework/scan/containers.h"
#include "framework/scan/layer_containers.h"
#include "framework/scan/plain_search.h"
#include "framework/scan/stored_parts.h"
#include "framework/scan/streamed_layer.h"

namespace watertight {
namespace {

using internal::ImageState;
using internal::LayerBlob;

// How much of the contents of files is kept for what is asked when the layers are searched.
constexpr std::uint64_t kMostContents = std::uint64_t{32} << 20;

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
    StreamedLayer layer(*blob.bytes, set_, limits_, image_.options.threads, &contents_,
                        std::move(hasher));
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
      const LayerBlob* const blob = opened.place.blob;
      AddOpened(std::move(opened), &hits_[blob], &spans[blob]);
    }
    for (auto& [blob, of_blob] : spans) {
      SortSpans(&of_blob);
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
  ContentBudget contents_{kMostContents};
  std::mutex mutex_;
  BlobHits hits_;
};

}  // namespace

void DropInside(const ContentSpans& spans, LayerHits* hits) {
  std::erase_if(hits->plain, [&](const FoundValue& found) { return IsToldInside(found, spans); });
  std::erase_if(hits->unread, [&](std::uint64_t offset) { return IsInside(offset, spans); });
}

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
