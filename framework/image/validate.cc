// Image::Validate: every claim about digests and sizes, compared with the bytes.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "framework/image/documents.h"
#include "framework/image/image_state.h"
#include "framework/image/path.h"
#include "framework/image/sha256.h"
#include "watertight/image.h"

namespace watertight {
namespace {

using internal::ImageState;

class Validator {
 public:
  explicit Validator(const ImageState& state) : state_(state) {}

  std::vector<Violation> Run() {
    state_.Index();
    state_.Hash();
    for (std::size_t i = 0; i < state_.layer_states.size(); ++i) CheckLayer(i);
    for (const Manifest& manifest : state_.manifests) CheckManifest(manifest);
    CheckBlobNames();
    return std::move(violations_);
  }

 private:
  void Report(const std::string& place, std::string text) {
    Violation violation{Printable(internal::ShortHashes(place)), std::move(text)};
    if (reported_.emplace(violation.place, violation.text).second) {
      violations_.push_back(std::move(violation));
    }
  }

  void CheckLayer(std::size_t i) {
    const internal::LayerState& layer = state_.layer_states[i];
    const std::string place = internal::LayerPlace(i, layer.blob);
    if (const Error* error = state_.LayerError(layer)) {
      Report(place, error->what());
      return;
    }
    const BlobHashes& hashes = state_.HashesOf(*layer.stored);
    if (hashes.error) {
      Report(place, hashes.error->what());
      return;
    }
    hashed_[layer.blob] = hashes.stored;
    if (hashes.uncompressed != layer.diff_id) {
      Report(place, "its uncompressed bytes have " + hashes.uncompressed +
                        ", the configuration claims " + Printable(layer.diff_id));
    }
    // LayerSources of a graph driver's archive speak of the same bytes; media types are not claims
    // worth a failure.
    if (layer.descriptor.digest.starts_with("sha256:") &&
        hashes.stored != layer.descriptor.digest) {
      Report(place, "its stored bytes have " + hashes.stored + ", the manifest claims " +
                        Printable(layer.descriptor.digest));
    }
    const std::uint64_t size = layer.stored->bytes->size();
    if (!layer.descriptor.digest.empty() && layer.descriptor.size != size) {
      Report(place, "it has " + std::to_string(size) + " bytes, the manifest claims " +
                        std::to_string(layer.descriptor.size));
    }
  }

  void CheckManifest(const Manifest& manifest) {
    if (!manifest.digest.empty())
      Compare(manifest.blob, manifest.digest, Sha256Digest(manifest.json));
    if (manifest.config) CheckDescriptor(*manifest.config);
    for (const Descriptor& child : manifest.manifests) CheckDescriptor(child);
    if (manifest.kind == ManifestKind::kAttestation) {
      for (const Descriptor& layer : manifest.layers) CheckDescriptor(layer);
    }
  }

  void CheckDescriptor(const Descriptor& descriptor) {
    std::string path = BlobPath(descriptor.digest);
    const Member* member = path.empty() ? nullptr : state_.archive.Find(&path);
    if (member == nullptr) return;
    if (member->bytes->size() != descriptor.size) {
      Report(path, "it has " + std::to_string(member->bytes->size()) +
                       " bytes, a manifest claims " + std::to_string(descriptor.size));
    }
  }

  // A blob's name in an OCI layout, and a configuration's in Docker's, is the hash of its bytes.
  void CheckBlobNames() {
    constexpr std::string_view kBlobs = "blobs/sha256/";
    for (const auto& [name, member] : state_.archive.members) {
      if (member.bytes == nullptr || !name.starts_with(kBlobs)) continue;
      const std::string hash = NamedHash(name.substr(kBlobs.size()));
      if (!hash.empty()) Compare(name, "sha256:" + hash, HashOf(name, *member.bytes));
    }
    const std::string& config = state_.config.blob;
    const std::string hash = NamedHash(config.starts_with("sha256:") ? config.substr(7) : config);
    if (!hash.empty()) Compare(config, "sha256:" + hash, state_.id);
  }

  // The hash that a file is named by, whatever extension follows (rules_oci: "….tar.gz").
  static std::string NamedHash(const std::string& name) {
    constexpr std::size_t kHash = 64;
    const std::string stem = name.substr(0, name.find('.'));
    const bool hash =
        stem.size() == kHash && stem.find_first_not_of("0123456789abcdef") == std::string::npos;
    return hash ? stem : "";
  }

  // Empty for a file that cannot be read, which is reported.
  std::string HashOf(const std::string& name, const ByteSource& bytes) {
    const auto known = hashed_.find(name);
    if (known != hashed_.end()) return known->second;
    try {
      return Hash(bytes);
    } catch (const Error& error) {
      Report(name, error.what());
      return "";
    }
  }

  static std::string Hash(const ByteSource& bytes) {
    Sha256 hash;
    std::vector<char> buffer(std::size_t{256} << 10);
    std::uint64_t offset = 0;
    while (const std::size_t got = bytes.ReadAt(offset, buffer.data(), buffer.size())) {
      hash.Update(std::string_view(buffer.data(), got));
      offset += got;
    }
    return hash.Digest();
  }

  void Compare(const std::string& place, const std::string& claimed, const std::string& actual) {
    if (!claimed.starts_with("sha256:") || actual.empty() || claimed == actual) return;
    Report(place, "its bytes have " + actual + ", not the " + Printable(claimed) + " of its name");
  }

  const ImageState& state_;
  std::vector<Violation> violations_;
  std::set<std::pair<std::string, std::string>> reported_;
  std::map<std::string, std::string> hashed_;
};

}  // namespace

std::vector<Violation> Image::Validate() const { return Validator(*state_).Run(); }

}  // namespace watertight
