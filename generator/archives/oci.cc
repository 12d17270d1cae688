// An OCI layout as containers/image writes it: in a tar (oci; skopeo and buildah oci-archive:,
// podman save --format oci-archive) or as a folder (oci-dir; skopeo oci:).

#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/oci_documents.h"
#include "generator/archives/sha256.h"
#include "generator/archives/writers.h"

namespace watertight::generator {
namespace {

// The tar is made of a folder that was written just now.
constexpr EntryStyle kStyle{true, "root", 0644};

Archive WriteLayout(const Images& images, const ArchiveOptions& options) {
  Archive archive;
  Blobs blobs;
  LayerBlobs layer_blobs(options, Compression::kGzip, GzipStyle::kContainers);
  std::vector<Json> descriptors;
  for (const SavedImage& image : images) {
    const Json config = ParsedConfig(image);
    Manifest manifest;
    manifest.config_digest = blobs.Add(image.config, options.clock);
    manifest.config_size = image.config.size();
    manifest.annotations = image.manifest_annotations;
    WrittenImage written{manifest.config_digest, BlobPath(manifest.config_digest), {}};
    for (const SavedLayer& layer : image.layers) {
      const LayerBlob& blob = layer_blobs.Of(layer);
      blobs.Add(blob.digest, blob.bytes, options.clock);
      written.layers.push_back({BlobPath(blob.digest), blob.digest, blob.compression});
      manifest.layers.push_back(
          {LayerMediaType(MediaFamily::kOci, blob.compression), blob.digest, blob.bytes.size()});
    }
    std::string bytes = ManifestJson(manifest, ManifestSpelling::kOneLine);
    const std::uint64_t size = bytes.size();
    const Json descriptor = Descriptor(ManifestMediaType(MediaFamily::kOci),
                                       blobs.Add(std::move(bytes), options.clock), size);
    for (const std::string& name : image.names) {
      Json named = descriptor;
      // The name as the destination was given: the tools differ in how much of it they keep.
      named.Set("annotations", Annotations({{"org.opencontainers.image.ref.name", name}}));
      descriptors.push_back(std::move(named));
    }
    if (image.names.empty()) descriptors.push_back(descriptor);
    archive.images.push_back(std::move(written));
  }
  const Json index =
      Json::Object({{"schemaVersion", 2}, {"manifests", Json::Array(std::move(descriptors))}});
  archive.entries = blobs.Entries(kStyle, options.clock, options.clock);
  archive.entries.push_back(
      FileEntry(kStyle, "index.json", Rope(Write(index, kGoCompact)), options.clock));
  archive.entries.push_back(
      FileEntry(kStyle, "oci-layout", Rope("{\"imageLayoutVersion\": \"1.0.0\"}"), options.clock));
  return archive;
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
