// Docker with the containerd image store (docker-28-containerd) and the exporters of BuildKit
// (buildx-docker, buildx-oci): containerd's archive exporter over manifests that were in the store.

#include <algorithm>
#include <set>
#include <utility>

#include "generator/archives/clock.h"
#include "generator/archives/entries.h"
#include "generator/archives/image_name.h"
#include "generator/archives/oci_documents.h"
#include "generator/archives/sha256.h"
#include "generator/archives/writers.h"

namespace watertight::generator {
namespace {

constexpr EntryStyle kBlobStyle{false, "", 0444};
constexpr EntryStyle kDocumentStyle{false, "", 0644};
constexpr char kImageName[] = "io.containerd.image.name";
constexpr char kRefName[] = "org.opencontainers.image.ref.name";
constexpr char kCreated[] = "org.opencontainers.image.created";

enum class Exporter { kDocker, kBuildxDocker, kBuildxOci };

// The classic builder calls what COPY and ADD made a Docker layer, what a container made an OCI
// one.
std::vector<bool> MadeByCopy(const Json& config, std::size_t count) {
  std::vector<bool> copied;
  if (const Json* history = config.Find("history")) {
    for (const Json& step : history->items()) {
      const Json* empty = step.Find("empty_layer");
      if (empty != nullptr && !empty->IsEmptyValue()) continue;
      const std::string text = step.TextOf("created_by");
      copied.push_back(text.find("#(nop) COPY ") != std::string::npos ||
                       text.find("#(nop) ADD ") != std::string::npos);
    }
  }
  copied.resize(count);
  return copied;
}

class Saver {
 public:
  Saver(const ArchiveOptions& options, Exporter exporter)
      : options_(options),
        exporter_(exporter),
        layer_blobs_(options, Compression::kGzip, GzipStyle::kGo) {}

  void Save(const Images& images) {
    archive_.images.resize(images.size());
    for (const std::vector<std::size_t>& platforms : ByName(images)) {
      std::vector<Platform> manifests;
      for (const std::size_t i : platforms) {
        manifests.push_back(AddPlatform(images[i], archive_.images[i]));
      }
      const Platform& first = manifests.front();
      const bool is_index = manifests.size() > 1 || KeepsAttestations(first.image);
      AddDescriptors(first.image, first.config, archive_.images[platforms.front()].id,
                     is_index ? AddIndex(manifests) : first.manifest);
      // Of several platforms it has the machine's own alone.
      AddToManifestJson(first.image, archive_.images[platforms.front()]);
    }
  }

  Archive Take() {
    archive_.entries = blobs_.Entries(kBlobStyle, 0, 0);
    AddFile(kDocumentStyle, "index.json", Write(IndexJson(std::move(descriptors_)), kGoCompact));
    if (exporter_ != Exporter::kBuildxOci) {
      AddFile(kDocumentStyle, "manifest.json", Write(manifest_, kGoCompact));
    }
    AddFile(kBlobStyle, "oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
    return std::move(archive_);
  }

 private:
  struct Platform {
    const SavedImage& image;
    Json config;
    Pointer manifest;
  };

  Platform AddPlatform(const SavedImage& image, WrittenImage& written) {
    Json config = ParsedConfig(image);
    const std::string config_digest = blobs_.Add(image.config);
    written = {config_digest, BlobPath(config_digest), {}};
    for (const SavedLayer& layer : image.layers) {
      const LayerBlob& blob = layer_blobs_.Of(layer);
      blobs_.Add(blob.digest, blob.bytes);
      written.layers.push_back({BlobPath(blob.digest), blob.digest, blob.compression});
    }
    const MediaFamily family = FamilyOf(image);
    std::string bytes =
        ManifestJson(ManifestOf(image, config, config_digest, family), SpellingOf(image.maker));
    const std::uint64_t size = bytes.size();
    Pointer manifest{ManifestMediaType(family), blobs_.Add(std::move(bytes)), size, false};
    return {image, std::move(config), std::move(manifest)};
  }

  // BuildKit lists what attests the platforms behind all of them.
  Pointer AddIndex(const std::vector<Platform>& platforms) {
    std::vector<Json> listed;
    for (const Platform& each : platforms) {
      listed.push_back(PlatformDescriptor(each.manifest, each.config));
    }
    for (const Platform& each : platforms) {
      if (!KeepsAttestations(each.image)) continue;
      listed.push_back(AddAttestation(blobs_, each.image, each.config, each.manifest));
    }
    const SavedImage& first = platforms.front().image;
    const char* type = FamilyOf(first) == MediaFamily::kDocker ? kListMediaType : kIndexMediaType;
    Json index = IndexJson(std::move(listed), type);
    if (!first.index_annotations.empty()) {
      index.Set("annotations", Annotations(first.index_annotations));
    }
    std::string bytes = Write(index, kGoIndented2);
    const std::uint64_t size = bytes.size();
    return {type, blobs_.Add(std::move(bytes)), size, true};
  }

  void AddFile(const EntryStyle& style, const char* name, std::string bytes) {
    archive_.entries.push_back(FileEntry(style, name, Rope(std::move(bytes)), 0));
  }

  // type=docker has no room for an index.
  bool KeepsAttestations(const SavedImage& image) const {
    return !image.attestations.empty() && exporter_ != Exporter::kBuildxDocker;
  }

  bool ByBuildkit(const SavedImage& image) const {
    return exporter_ != Exporter::kDocker || image.maker == Maker::kBuildkit;
  }

  // BuildKit writes Docker's types into Docker's store, unless an attestation or (where it makes
  // the archive itself) zstd needs the others.
  MediaFamily FamilyOf(const SavedImage& image) {
    if (exporter_ == Exporter::kBuildxOci) return MediaFamily::kOci;
    if (!ByBuildkit(image)) {
      return image.maker == Maker::kKaniko ? MediaFamily::kDocker : MediaFamily::kOci;
    }
    if (KeepsAttestations(image)) return MediaFamily::kOci;
    const bool zstd = std::any_of(image.layers.begin(), image.layers.end(), [&](const auto& layer) {
      return layer_blobs_.Of(layer).compression == Compression::kZstd;
    });
    return zstd && exporter_ == Exporter::kBuildxDocker ? MediaFamily::kOci : MediaFamily::kDocker;
  }

  ManifestSpelling SpellingOf(Maker maker) const {
    if (exporter_ != Exporter::kDocker) return ManifestSpelling::kBuildkit;
    switch (maker) {
      case Maker::kBuildkit:
        return ManifestSpelling::kBuildkit;
      case Maker::kClassic:
        return ManifestSpelling::kClassic;
      case Maker::kKaniko:
        return ManifestSpelling::kCrane;
      case Maker::kImport:
      case Maker::kBuildah:
        return ManifestSpelling::kOneLine;
    }
    return ManifestSpelling::kBuildkit;
  }

  Manifest ManifestOf(const SavedImage& image, const Json& config, const std::string& config_digest,
                      MediaFamily family) {
    Manifest manifest;
    manifest.family = family;
    manifest.config_digest = config_digest;
    manifest.config_size = image.config.size();
    manifest.annotations = image.manifest_annotations;
    std::vector<bool> copied(image.layers.size());
    const bool classic = exporter_ == Exporter::kDocker && image.maker == Maker::kClassic;
    if (classic) copied = MadeByCopy(config, image.layers.size());
    for (std::size_t i = 0; i < image.layers.size(); ++i) {
      const LayerBlob& blob = layer_blobs_.Of(image.layers[i]);
      const MediaFamily layer_family = copied[i] ? MediaFamily::kDocker : family;
      manifest.layers.push_back(
          {LayerMediaType(layer_family, blob.compression), blob.digest, blob.bytes.size()});
    }
    return manifest;
  }

  void AddDescriptors(const SavedImage& image, const Json& config, const std::string& config_digest,
                      const Pointer& pointer) {
    const bool buildx = exporter_ != Exporter::kDocker;
    std::map<std::string, std::string> common;
    if (buildx) common[kCreated] = Rfc3339(options_.clock);
    if (!buildx && ByBuildkit(image) && !pointer.is_index) common["config.digest"] = config_digest;
    const auto add = [&](const std::map<std::string, std::string>& annotations) {
      Json descriptor = Descriptor(pointer.media_type, pointer.digest, pointer.size);
      if (!annotations.empty()) descriptor.Set("annotations", Annotations(annotations));
      if (buildx && !pointer.is_index) descriptor.Set("platform", PlatformOf(config));
      descriptors_.push_back(std::move(descriptor));
    };
    for (const std::string& name : image.names) {
      std::map<std::string, std::string> annotations = common;
      annotations[kImageName] = FullName(name);
      annotations[kRefName] = ParseImageName(name).tag;
      add(annotations);
    }
    if (image.names.empty()) add(common);
  }

  void AddToManifestJson(const SavedImage& image, const WrittenImage& written) {
    std::vector<std::string> tags;
    for (const std::string& name : image.names) tags.push_back(ShortName(name));
    std::vector<std::string> layers;
    for (const WrittenLayer& layer : written.layers) layers.push_back(layer.path);
    manifest_.Append(Json::Object({{"Config", written.config_path},
                                   {"RepoTags", StringListOrNull(tags)},
                                   {"Layers", StringListOrNull(layers)}}));
  }

  const ArchiveOptions& options_;
  Exporter exporter_;
  LayerBlobs layer_blobs_;
  Blobs blobs_;
  Archive archive_;
  std::vector<Json> descriptors_;
  Json manifest_ = Json::Array();
};

Archive Export(const Images& images, const ArchiveOptions& options, Exporter exporter) {
  Saver saver(options, exporter);
  saver.Save(images);
  return saver.Take();
}

}  // namespace

Archive WriteDocker28Containerd(const Images& images, const ArchiveOptions& options) {
  return Export(images, options, Exporter::kDocker);
}

Archive WriteBuildxDocker(const Images& images, const ArchiveOptions& options) {
  return Export(images, options, Exporter::kBuildxDocker);
}

Archive WriteBuildxOci(const Images& images, const ArchiveOptions& options) {
  return Export(images, options, Exporter::kBuildxOci);
}

}  // namespace watertight::generator
