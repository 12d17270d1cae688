#include "bench/accuracy/run/image_facts.h"

#include <cstdint>
#include <set>

namespace watertight::bench {
namespace {

// Documents of the catalogue are far smaller; what is larger is no document.
constexpr std::uint64_t kLongestDocument = std::uint64_t{64} << 20;

}  // namespace

ImageFacts FactsOf(const Image& image) {
  ImageFacts facts;
  std::set<std::string> blobs;
  for (const Layer& layer : image.layers()) {
    facts.layers.push_back({layer.diff_id(), layer.present() ? layer.digest() : "", layer.blob()});
    blobs.insert(layer.blob());
  }
  facts.config = image.config().blob;
  for (const Blob& blob : image.blobs()) {
    if (blobs.contains(blob.path) || blob.size > kLongestDocument) continue;
    facts.documents[blob.path] = {"blob", image.ReadBlob(blob.path, kLongestDocument)};
  }
  for (const Manifest& manifest : image.manifests()) {
    facts.documents[manifest.blob] = {"manifest", manifest.json};
    for (const Attestation& attestation : manifest.attestations) {
      facts.documents[attestation.blob] = {"attestation", attestation.json};
    }
  }
  facts.documents[facts.config] = {"config", image.config().json};
  return facts;
}

}  // namespace watertight::bench
