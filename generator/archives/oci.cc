// An OCI layout as containers/image writes it: in a tar (oci; skopeo and buildah oci-archive:,
// podman save --format oci-archive) or as a folder (oci-dir; skopeo oci:). The config stays as the
// builder made it; skopeo would leave the keys out that only Docker knows.

#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/oci_documents.h"
#include "generator/archives/sha256.h"
#include "generator/archives/writers.h"

namespace watertight::generator {
namespace {

// The tar is made of a folder that was written just now.
constexpr EntryStyle kStyle{true, "root", 0644};

class Layout {
 public:
  explicit Layout(const ArchiveOptions& options)
      : clock_(options.clock), layer_blobs_(options, Compression::kGzip, GzipStyle::kContainers) {}

  void Add(const Images& images) {
    archive_.images.resize(images.size());
    for (const std::vector<std::size_t>& platforms : ByName(images)) {
      std::vector<Json> listed;
      Pointer pointer;
      for (const std::size_t i : platforms) {
        pointer = AddManifest(images[i], archive_.images[i]);
        if (platforms.size() == 1) continue;
        listed.push_back(PlatformDescriptor(pointer, ParsedConfig(images[i])));
      }
      if (!listed.empty()) pointer = AddIndex(std::move(listed));
      AddDescriptors(images[platforms.front()].names, pointer);
    }
  }

  Archive Take() {
    const Json index =
        Json::Object({{"schemaVersion", 2}, {"manifests", Json::Array(std::move(descriptors_))}});
    archive_.entries = blobs_.Entries(kStyle, clock_, clock_);
    AddFile("index.json", Write(index, kGoCompact));
    AddFile("oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}");
    return std::move(archive_);
  }

 private:
  Pointer AddManifest(const SavedImage& image, WrittenImage& written) {
    ParsedConfig(image);  // refuses what is none
    Manifest manifest;
    manifest.config_digest = blobs_.Add(image.config, clock_);
    manifest.config_size = image.config.size();
    manifest.annotations = image.manifest_annotations;
    written = {manifest.config_digest, BlobPath(manifest.config_digest), {}};
    for (const SavedLayer& layer : image.layers) {
      const LayerBlob& blob = layer_blobs_.Of(layer);
      blobs_.Add(blob.digest, blob.bytes, clock_);
      written.layers.push_back({BlobPath(blob.digest), blob.digest, blob.compression});
      manifest.layers.push_back(
          {LayerMediaType(MediaFamily::kOci, blob.compression), blob.digest, blob.bytes.size()});
    }
    std::string bytes = ManifestJson(manifest, ManifestSpelling::kOneLine);
    const std::uint64_t size = bytes.size();
    return {ManifestMediaType(MediaFamily::kOci), blobs_.Add(std::move(bytes), clock_), size,
            false};
  }

  Pointer AddIndex(std::vector<Json> platforms) {
    std::string bytes = Write(IndexJson(std::move(platforms)), kGoCompact);
    const std::uint64_t size = bytes.size();
    return {kIndexMediaType, blobs_.Add(std::move(bytes), clock_), size, true};
  }

  void AddFile(const char* name, std::string bytes) {
    archive_.entries.push_back(FileEntry(kStyle, name, Rope(std::move(bytes)), clock_));
  }

  // One for each name, as the destination was given: the tools differ in how much of it they keep.
  void AddDescriptors(const std::vector<std::string>& names, const Pointer& pointer) {
    const Json descriptor = Descriptor(pointer.media_type, pointer.digest, pointer.size);
    for (const std::string& name : names) {
      Json named = descriptor;
      named.Set("annotations", Annotations({{"org.opencontainers.image.ref.name", name}}));
      descriptors_.push_back(std::move(named));
    }
    if (names.empty()) descriptors_.push_back(descriptor);
  }

  std::int64_t clock_;
  LayerBlobs layer_blobs_;
  Blobs blobs_;
  Archive archive_;
  std::vector<Json> descriptors_;
};

Archive WriteLayout(const Images& images, const ArchiveOptions& options) {
  Layout layout(options);
  layout.Add(images);
  return layout.Take();
}

}  // namespace

Archive WriteOci(const Images& images, const ArchiveOptions& options) {
  return WriteLayout(images, options);
}

Archive WriteOciDirectory(const Images& images, const ArchiveOptions& options) {
  Archive archive = WriteLayout(images, options);
  archive.is_directory = true;
  return archive;
}

}  // namespace watertight::generator
