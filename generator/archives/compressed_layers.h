// Layers that were compressed, for all archives that have them.
//
//   CompressedLayers compressed;
//   WriteArchive("podman", images, {.compressed = &compressed});
//   WriteArchive("skopeo", images, {.compressed = &compressed});  // compresses no layer again
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "generator/archives/archive.h"
#include "generator/archives/gzip.h"

namespace watertight::generator {

// A layer's bytes in one compression.
struct LayerBlob {
  Rope bytes;
  std::string digest;
  Compression compression = Compression::kNone;
};

// May be used by several threads.
class CompressedLayers {
 public:
  // By diff_id; the style is of gzip alone.
  using Key = std::tuple<std::string, Compression, GzipStyle>;

  // What `make` returned for that key, if that is still known; else it is called.
  LayerBlob Of(const Key& key, const std::function<LayerBlob()>& make);

 private:
  // Beyond that, all are forgotten: what many images have is soon there again.
  static constexpr std::uint64_t kMostBytes = 64u << 20;

  std::mutex mutex_;
  std::map<Key, LayerBlob> blobs_;
  std::uint64_t bytes_ = 0;
};

}  // namespace watertight::generator
