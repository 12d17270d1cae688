// go-containerregistry's tarballs: the present form (crane; also ko and kaniko), where names are
// digests with their colon, and the legacy one (crane-legacy) with v1 folders.

#include <algorithm>
#include <set>
#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/image_name.h"
#include "generator/archives/sha256.h"
#include "generator/archives/v1_image.h"
#include "generator/archives/writers.h"

namespace watertight::generator {
namespace {

constexpr EntryStyle kStyle{};

class Tarball {
 public:
  void AddFile(const std::string& name, Rope content) {
    if (!names_.insert(name).second) return;
    archive_.entries.push_back(FileEntry(kStyle, name, std::move(content), 0));
  }

  void AddImage(WrittenImage written, const SavedImage& image,
                const std::vector<std::string>& layer_paths) {
    std::string tags;
    for (const std::string& name : image.names) tags += (tags.empty() ? "" : ",") + name;
    items_.emplace_back(tags, Json::Object({{"Config", written.config_path},
                                            {"RepoTags", StringListOrNull(image.names)},
                                            {"Layers", StringList(layer_paths)}}));
    archive_.images.push_back(std::move(written));
  }

  // The present form sorts manifest.json by the images' tags.
  void SortByTags() {
    std::stable_sort(items_.begin(), items_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
  }

  Archive& Finish() {
    Json manifest = Json::Array();
    for (const auto& [tags, item] : items_) manifest.Append(item);
    AddFile("manifest.json", Rope(Write(manifest, kGoCompact)));
    return archive_;
  }

 private:
  Archive archive_;
  std::set<std::string> names_;
  std::vector<std::pair<std::string, Json>> items_;  // by the tags, joined
};

// "app" is "app:latest": the tool wants a tag to write.
SavedImage WithTags(SavedImage image) {
  for (std::string& name : image.names) {
    const std::string tag = ":" + ParseImageName(name).tag;
    if (!name.ends_with(tag)) name += tag;
  }
  return image;
}

}  // namespace

Archive WriteCrane(const Images& images, const ArchiveOptions& options) {
  Tarball tarball;
  LayerBlobs blobs(options, Compression::kGzip, GzipStyle::kGoFast);
  for (const SavedImage& given : images) {
    const SavedImage image = WithTags(given);
    ParsedConfig(image);  // refuses what is none
    WrittenImage written{Digest(image.config), Digest(image.config), {}};
    tarball.AddFile(written.config_path, Rope(image.config));
    std::vector<std::string> paths;
    for (const SavedLayer& layer : image.layers) {
      const LayerBlob& blob = blobs.Of(layer);
      // The extension is the same whatever the compression is.
      paths.push_back(HexOf(blob.digest) + ".tar.gz");
      tarball.AddFile(paths.back(), blob.bytes);
      written.layers.push_back({paths.back(), blob.digest, blob.compression});
    }
    tarball.AddImage(std::move(written), image, paths);
  }
  tarball.SortByTags();
  return std::move(tarball.Finish());
}

Archive WriteCraneLegacy(const Images& images, const ArchiveOptions& options) {
  Tarball tarball;
  Repositories repositories;
  LayerBlobs blobs(options, Compression::kNone, GzipStyle::kGoFast);
  // Ids are made of the digests in the registry the image came from, where layers are gzipped.
  LayerBlobs registry_blobs({.compressed = options.compressed}, Compression::kGzip,
                            GzipStyle::kGoFast);
  for (const SavedImage& given : images) {
    const SavedImage image = WithTags(given);
    WrittenImage written{Digest(image.config), Sha256Hex(image.config) + ".json", {}};
    tarball.AddFile(written.config_path, Rope(image.config));
    std::vector<std::string> digests;
    for (const SavedLayer& layer : image.layers) {
      digests.push_back(registry_blobs.Of(layer).digest);
    }
    const std::vector<V1Layer> v1_layers =
        CraneV1Layers(ParsedConfig(image), image.config, digests);
    std::vector<std::string> paths;
    for (std::size_t i = 0; i < image.layers.size(); ++i) {
      const LayerBlob& blob = blobs.Of(image.layers[i]);
      const std::string folder = v1_layers[i].id + "/";
      paths.push_back(folder + "layer.tar");
      tarball.AddFile(paths.back(), blob.bytes);
      tarball.AddFile(folder + "json", Rope(v1_layers[i].json));
      tarball.AddFile(folder + "VERSION", Rope("1.0"));
      written.layers.push_back({paths.back(), blob.digest, blob.compression});
    }
    for (const std::string& name : image.names) {
      if (!v1_layers.empty()) repositories.Add(name, v1_layers.back().id);
    }
    tarball.AddImage(std::move(written), image, paths);
  }
  Archive& archive = tarball.Finish();
  archive.entries.push_back(
      FileEntry(kStyle, "repositories", Rope(Write(repositories.ToJson(), kGoCompact)), 0));
  return std::move(archive);
}

}  // namespace watertight::generator
