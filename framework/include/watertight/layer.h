// One layer of an image: a filesystem diff, stored as a tar.
//
//   const watertight::Layer& layer = image.layers()[2];
//   std::cout << layer.diff_id() << " " << layer.entries().size() << "\n";
//
// A Layer is a view into its Image: cheap to copy, valid as long as a copy of its Image lives, safe
// to share between threads. The first call of size() or entries() of any layer indexes all layers,
// in parallel, each distinct blob once.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "watertight/entry.h"

namespace watertight {

enum class Compression { kNone, kGzip, kZstd, kXz, kBzip2 };

// "none", "gzip", "zstd", "xz", "bzip2".
const char* ToString(Compression compression);
void PrintTo(Compression compression, std::ostream* out);

namespace internal {
struct ImageState;
}

class Layer {
 public:
  int index() const { return index_; }
  // "sha256:…" of the uncompressed tar, as the config claims it.
  const std::string& diff_id() const;
  // "sha256:…" of the blob as stored: computed (once) from the bytes of a compressed layer; a plain
  // one's is its diff_id as claimed. Throws: Error when the blob cannot be read.
  std::string digest() const;
  // The path of the blob in the archive, cleaned, symlinks resolved: "blobs/sha256/9d1c…",
  // "3255…/layer.tar".
  const std::string& blob() const;
  // The same as the archive spells it, for tar: "./blobs/sha256/9d1c…".
  const std::string& member() const;
  // By the first bytes, whatever names and media types say. Throws: Error when the blob cannot be
  // read.
  Compression compression() const;
  // Bytes as stored.
  std::uint64_t stored_size() const;
  // False for a foreign layer that the archive leaves out on purpose; what needs it throws
  // kMissingBlob.
  bool present() const;

  // Bytes of the uncompressed tar. Throws: Error when the layer cannot be read to its end.
  std::uint64_t size() const;
  // In the order of the tar, whiteouts included. Throws: Error when the layer cannot be read to its
  // end.
  const std::vector<Entry>& entries() const;
  // Why the layer cannot be read, or null. Never throws.
  const std::string* error() const;
  // SHA-256 of the uncompressed tar, computed: reads the whole layer. Throws: Error.
  std::string ComputeDiffId() const;
  // The uncompressed tar in pieces of at most 1 MiB. Throws: Error.
  void ReadTo(const std::function<void(std::string_view)>& sink) const;
  // The blob as it is stored, in the same way.
  void ReadStoredTo(const std::function<void(std::string_view)>& sink) const;

  // The history step that made the layer, when history and layers agree; index into
  // image.history().
  std::optional<int> step() const;
  // The first and last step that went into the layer: {step, step}, but for buildah without
  // --layers, which stores the work of several steps in one layer.
  std::optional<std::pair<int, int>> steps() const;

  // For messages: "layer 2 (sha256:12345678)".
  std::string Name() const;

 private:
  friend class Image;
  Layer(const internal::ImageState* state, int index) : state_(state), index_(index) {}

  const internal::ImageState* state_;
  int index_;
};

void PrintTo(const Layer& layer, std::ostream* out);

}  // namespace watertight
