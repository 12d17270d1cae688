#include "generator/archives/compressed_layers.h"

namespace watertight::generator {

LayerBlob CompressedLayers::Of(const Key& key, const std::function<LayerBlob()>& make) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto known = blobs_.find(key);
    if (known != blobs_.end()) return known->second;
  }
  // Two threads may make the same one: it takes no longer than to wait.
  LayerBlob blob = make();
  const std::lock_guard<std::mutex> lock(mutex_);
  if (bytes_ + blob.bytes.size() > kMostBytes) {
    blobs_.clear();
    bytes_ = 0;
  }
  if (blobs_.emplace(key, blob).second) bytes_ += blob.bytes.size();
  return blob;
}

}  // namespace watertight::generator
