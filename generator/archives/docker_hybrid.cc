// Docker 25 to 28 with overlay2 (docker-26, docker-28): an OCI layout that also has manifest.json
// and repositories. The v1 documents of old are blobs that nothing refers to.

#include <algorithm>
#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/image_name.h"
#include "generator/archives/oci_documents.h"
#include "generator/archives/sha256.h"
#include "generator/archives/v1_image.h"
#include "generator/archives/writers.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr EntryStyle kStyle{};

class HybridSaver {
 public:
  HybridSaver(const ArchiveOptions& options, std::string name, std::int64_t index_mtime)
      : options_(options),
        name_(std::move(name)),
        index_mtime_(index_mtime),
        layer_blobs_(options, Compression::kNone, GzipStyle::kGo) {}

  void Save(const SavedImage& image) {
    if (image.layers.empty()) {
      throw Error(name_ +
                  " saves no image without layers: docker save: empty export - not implemented");
    }
    const Json config = ParsedConfig(image);
    created_ = CreatedOf(config).value_or(options_.clock);
    const std::string config_digest = blobs_.Add(image.config, created_);
    WrittenImage written{config_digest, BlobPath(config_digest), {}};
    Manifest manifest;
    manifest.config_digest = config_digest;
    manifest.config_size = image.config.size();
    std::vector<std::string> diff_ids;
    for (const SavedLayer& layer : image.layers) {
      const LayerBlob& blob = layer_blobs_.Of(layer);
      blobs_.Add(blob.digest, blob.bytes, created_);
      diff_ids.push_back(layer.diff_id);
      written.layers.push_back({BlobPath(blob.digest), blob.digest, blob.compression});
      manifest.layers.push_back(
          {LayerMediaType(MediaFamily::kOci, blob.compression), blob.digest, blob.bytes.size()});
    }
    for (V1Layer& v1 : DockerV1Layers(config, diff_ids)) blobs_.Add(std::move(v1.json), created_);
    AddToDocuments(image, written, manifest, diff_ids);
    archive_.images.push_back(std::move(written));
  }

  Archive Take() {
    archive_.entries = blobs_.Entries(kStyle, created_, options_.clock);
    AddFile("index.json", Write(IndexJson(std::move(descriptors_)), kGoCompact), index_mtime_);
    AddFile("manifest.json", Write(manifest_, kGoCompact) + "\n", 0);
    AddFile("oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}", 0);
    if (!repositories_.empty()) {
      AddFile("repositories", Write(repositories_.ToJson(), kGoCompact) + "\n", 0);
    }
    return std::move(archive_);
  }

 private:
  void AddFile(const char* name, std::string bytes, std::int64_t mtime) {
    archive_.entries.push_back(FileEntry(kStyle, name, Rope(std::move(bytes)), mtime));
  }

  void AddToDocuments(const SavedImage& image, const WrittenImage& written,
                      const Manifest& manifest, const std::vector<std::string>& diff_ids) {
    std::string manifest_bytes = ManifestJson(manifest, ManifestSpelling::kOneLine);
    const std::uint64_t size = manifest_bytes.size();
    const std::string digest = blobs_.Add(std::move(manifest_bytes));
    const Json descriptor = Descriptor(ManifestMediaType(MediaFamily::kOci), digest, size);
    std::vector<std::string> tags;
    for (const std::string& name : image.names) {
      tags.push_back(ShortName(name));
      repositories_.Add(tags.back(), HexOf(diff_ids.back()));
      Json tagged = descriptor;
      tagged.Set("annotations",
                 Json::Object({{"io.containerd.image.name", FullName(name)},
                               {"org.opencontainers.image.ref.name", ParseImageName(name).tag}}));
      descriptors_.push_back(std::move(tagged));
    }
    if (tags.empty()) descriptors_.push_back(descriptor);
    Json layers = Json::Array();
    Json sources = Json::Object();
    for (std::size_t i = 0; i < diff_ids.size(); ++i) {
      const ManifestLayer& layer = manifest.layers[i];
      layers.Append(written.layers[i].path);
      sources.Set(diff_ids[i], Json::Object({{"mediaType", layer.media_type},
                                             {"size", layer.size},
                                             {"digest", layer.digest}}));
    }
    manifest_.Append(Json::Object({{"Config", written.config_path},
                                   {"RepoTags", StringListOrNull(tags)},
                                   {"Layers", std::move(layers)},
                                   {"LayerSources", std::move(sources.SortMembers())}}));
  }

  const ArchiveOptions& options_;
  std::string name_;
  std::int64_t index_mtime_;
  std::int64_t created_ = 0;  // of the image saved last
  LayerBlobs layer_blobs_;
  Blobs blobs_;
  Archive archive_;
  std::vector<Json> descriptors_;
  Json manifest_ = Json::Array();
  Repositories repositories_;
};

Archive WriteHybrid(const Images& images, const ArchiveOptions& options, const char* name,
                    std::int64_t index_mtime) {
  HybridSaver saver(options, name, index_mtime);
  for (const SavedImage& image : images) saver.Save(image);
  return saver.Take();
}

}  // namespace

Archive WriteDocker26(const Images& images, const ArchiveOptions& options) {
  return WriteHybrid(images, options, "docker-26", options.clock);
}

Archive WriteDocker28(const Images& images, const ArchiveOptions& options) {
  return WriteHybrid(images, options, "docker-28", 0);
}

}  // namespace watertight::generator
