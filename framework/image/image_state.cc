#include "framework/image/image_state.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>
#include <thread>

#include "framework/image/layer_reader.h"
#include "framework/image/path.h"

namespace watertight::internal {
namespace {

void IndexBlob(LayerBlob* blob, const Limits& limits, std::atomic<std::uint64_t>* done) {
  try {
    blob->index = IndexLayer(blob->bytes, limits, blob->place, done);
  } catch (const Error& error) {
    blob->error = error;
  } catch (const std::exception& error) {
    blob->error = Error(ErrorCode::kIo, blob->place + ": " + error.what());
  }
  if (blob->error) blob->error_text = blob->error->what();
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
  std::call_once(index_once, [this] {
    // The largest first, so that the last thread to finish has a small one.
    std::vector<LayerBlob*> queue;
    std::uint64_t total = 0;
    for (const auto& blob : layer_blobs) {
      queue.push_back(blob.get());
      total += blob->bytes->size();
    }
    std::stable_sort(queue.begin(), queue.end(), [](const LayerBlob* a, const LayerBlob* b) {
      return a->bytes->size() > b->bytes->size();
    });
    std::atomic<std::size_t> next = 0;
    std::atomic<std::uint64_t> done = 0;
    const auto work = [&] {
      for (std::size_t i = next++; i < queue.size(); i = next++) {
        IndexBlob(queue[i], options.limits, &done);
        if (options.progress) options.progress(done, total);
      }
    };
    const std::size_t wanted =
        options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> threads;
    threads.reserve(std::min(wanted, queue.size()));
    try {
      for (std::size_t i = 1; i < std::min(wanted, queue.size()); ++i) threads.emplace_back(work);
    } catch (const std::system_error&) {
      // The system gives no more threads: those that there are do the work.
    }
    work();
    for (std::thread& thread : threads) thread.join();
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
