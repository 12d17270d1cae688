#include "framework/image/image_state.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "framework/image/parallel.h"
#include "framework/image/path.h"

namespace watertight::internal {
namespace {

void IndexBlob(LayerBlob* blob, const OpenOptions& options, ReadProgress* progress,
               LayerVisitor* visitor) {
  try {
    blob->index =
        IndexLayer(blob->bytes, options.limits, blob->place, progress, visitor, options.threads);
  } catch (const Error& error) {
    blob->error = error;
  } catch (const std::exception& error) {
    blob->error = Error(ErrorCode::kIo, blob->place + ": " + error.what());
  }
  if (blob->error) blob->error_text = blob->error->what();
  blob->indexed = true;
}

// That piece and those that follow it, counted from `begin` on.
NextPiece From(std::size_t piece, std::size_t begin, const NextPiece& next) {
  return [first = std::optional(piece), begin, &next]() mutable {
    const std::optional<std::size_t> taken = first ? std::exchange(first, std::nullopt) : next();
    return taken ? std::optional(*taken - begin) : std::nullopt;
  };
}

bool IsHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

std::string ShortHashes(const std::string& text) {
  constexpr std::size_t kHash = 64;
  constexpr std::size_t kShown = 12;
  std::string shortened;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t run = 0;
    while (i + run < text.size() && IsHex(text[i + run])) ++run;
    if (run == 0) {
      shortened += text[i++];
      continue;
    }
    shortened += run == kHash ? text.substr(i, kShown) + "…" : text.substr(i, run);
    i += run;
  }
  return shortened;
}

std::string LayerPlace(std::size_t index, const std::string& blob) {
  return "layer " + std::to_string(index) + " (" + Printable(ShortHashes(blob)) + ")";
}

std::string ImageState::Name() const { return Printable(reference); }

void ImageState::Index() const {
  Index([](LayerBlob&, const std::function<void(LayerVisitor*)>& index) { index(nullptr); });
}

bool ImageState::Index(const VisitBlob& visit, const OtherWork& other) const {
  bool first = false;
  std::call_once(index_once, [&] {
    first = true;
    const std::vector<LayerBlob*> queue = LargestFirst();
    std::uint64_t total = other.bytes;
    for (const LayerBlob* blob : queue) total += blob->bytes->size();
    ReadProgress progress(options.progress, total);
    RunInParallel(queue.size() + other.pieces, options.threads, [&](const NextPiece& next) {
      while (const auto i = next()) {
        if (*i >= queue.size()) {  // and so are all that follow
          return other.run(From(*i, queue.size(), next), &progress);
        }
        bool read = false;
        visit(*queue[*i], [&](LayerVisitor* visitor) {
          read = true;
          IndexBlob(queue[*i], options, &progress, visitor);
        });
        if (!read) progress.Add(queue[*i]->bytes->size());
      }
    });
  });
  return first;
}

std::vector<LayerBlob*> ImageState::LargestFirst() const {
  std::vector<LayerBlob*> queue;
  for (const auto& blob : layer_blobs) queue.push_back(blob.get());
  std::stable_sort(queue.begin(), queue.end(), [](const LayerBlob* a, const LayerBlob* b) {
    return a->bytes->size() > b->bytes->size();
  });
  return queue;
}

void ImageState::Hash() const {
  const std::vector<LayerBlob*> queue = LargestFirst();
  RunInParallel(queue.size(), options.threads, [&](const NextPiece& next) {
    while (const auto i = next()) {
      if (!queue[*i]->error) HashesOf(*queue[*i]);
    }
  });
}

const BlobHashes& ImageState::HashesOf(const LayerBlob& blob, ReadProgress* progress) const {
  std::call_once(blob.hashes_once, [&] {
    blob.hashes = HashBlob(blob.bytes, blob.compression, options.limits, progress);
    blob.has_hashes = true;
  });
  return blob.hashes;
}

void ImageState::KeepHashes(const LayerBlob& blob, BlobHashes hashes) {
  std::call_once(blob.hashes_once, [&] {
    blob.hashes = std::move(hashes);
    blob.has_hashes = true;
  });
}

const Error* ImageState::LayerError(const LayerState& layer) const {
  if (layer.stored == nullptr) return &*layer.missing;
  return layer.stored->error ? &*layer.stored->error : nullptr;
}

std::vector<const LayerIndex*> ImageState::Indexes() const {
  std::vector<const LayerIndex*> indexes;
  for (const LayerState& layer : layer_states) indexes.push_back(&layer.stored->index);
  return indexes;
}

const Merged& ImageState::Merge() const {
  Index();
  std::uint64_t entries = 0;
  for (const LayerState& layer : layer_states) {
    if (const Error* error = LayerError(layer)) throw *error;
    entries += layer.stored->index.entries.size();
  }
  std::call_once(merge_once, [&] {
    try {
      // One blob may stand for many layers.
      if (entries > options.limits.entries) {
        throw Error(ErrorCode::kLimitExceeded,
                    "its layers have " + std::to_string(entries) + " entries, more than the limit");
      }
      merged = MergeLayers(Indexes());
    } catch (const Error& error) {
      merge_error = Error(error.code(), Name() + ": " + error.what());
    }
  });
  if (merge_error) throw *merge_error;
  return *merged;
}

}  // namespace watertight::internal
