#include "framework/scan/plain_search.h"

#include <algorithm>
#include <optional>

namespace watertight {
namespace {

using internal::LayerBlob;

// So many bytes are one piece of work.
constexpr std::uint64_t kSegment = std::uint64_t{32} << 20;

bool IsPlain(const LayerBlob* blob) { return blob->compression == Compression::kNone; }

}  // namespace

PlainSearch::PlainSearch(const internal::ImageState& image, const ValueSet& set, const Blobs& blobs,
                         const Blobs& hashed)
    : image_(image), set_(set) {
  // A digest takes one thread all of a blob's time, so those come first.
  std::copy_if(hashed.begin(), hashed.end(), std::back_inserter(hashed_), IsPlain);
  for (const LayerBlob* blob : blobs) {
    if (!IsPlain(blob)) continue;
    const std::uint64_t size = blob->bytes->size();
    for (std::uint64_t begin = 0; begin < size; begin += kSegment) {
      segments_.emplace_back();
      segments_.back().blob = blob;
      segments_.back().begin = begin;
      segments_.back().end = std::min(begin + kSegment, size);
    }
  }
}

std::uint64_t PlainSearch::bytes() const {
  std::uint64_t bytes = 0;
  for (const LayerSegment& segment : segments_) bytes += segment.end - segment.begin;
  for (const LayerBlob* blob : hashed_) bytes += blob->bytes->size();
  return bytes;
}

void PlainSearch::Work(const NextPiece& next, ReadProgress* progress) {
  LiteralSet::Scratch scratch;
  std::optional<ByteSearch> search;
  while (const auto i = next()) {
    if (*i < hashed_.size()) {
      image_.HashesOf(*hashed_[*i], progress);
      continue;
    }
    if (!search) search.emplace(set_, &scratch, ByteSearch::Lines::kNotCounted);
    LayerSegment& segment = segments_[*i - hashed_.size()];
    SearchSegment(&*search, &segment);
    progress->Add(segment.end - segment.begin);
  }
}

const std::vector<LayerSegment>& PlainSearch::Finish() {
  RunInParallel(segments_.size(), image_.options.threads, [&](const NextPiece& next) {
    while (const auto i = next()) FindContainers(&segments_[*i]);
  });
  return segments_;
}

}  // namespace watertight
