// Docker up to 24 (docker-20): one folder for each layer, named by its v1 id. Layout: sample and
// facts as of Docker 20.10.24 with overlay2.

#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/image_name.h"
#include "generator/archives/sha256.h"
#include "generator/archives/v1_image.h"
#include "generator/archives/writers.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

// Go code before 1.9 kept the file type in the mode; owners are looked up by name.
constexpr EntryStyle kStyle{true, "root", 0644};

class LegacySaver {
 public:
  explicit LegacySaver(const ArchiveOptions& options)
      : options_(options), blobs_(options, Compression::kNone, GzipStyle::kGo) {}

  void Save(const SavedImage& image) {
    if (image.layers.empty()) {
      throw Error(
          "docker-20 saves no image without layers: docker save: empty export - not implemented");
    }
    const Json config = ParsedConfig(image);
    const std::int64_t created = CreatedOf(config).value_or(0);
    std::vector<std::string> diff_ids;
    for (const SavedLayer& layer : image.layers) diff_ids.push_back(layer.diff_id);
    const std::vector<V1Layer> v1_layers = DockerV1Layers(config, diff_ids);
    WrittenImage written{Digest(image.config), Sha256Hex(image.config) + ".json", {}};
    for (std::size_t i = 0; i < image.layers.size(); ++i) {
      SaveLayer(image.layers[i], v1_layers[i], created);
      const LayerBlob& blob = blobs_.Of(image.layers[i]);
      written.layers.push_back(
          {layer_paths_[image.layers[i].diff_id], blob.digest, blob.compression});
    }
    AddFile(written.config_path, Rope(image.config), created);
    AddToManifest(image, v1_layers, written.config_path);
    archive_.images.push_back(std::move(written));
  }

  Archive Take() {
    AddFile("manifest.json", Rope(Write(manifest_, kGoCompact) + "\n"), 0);
    if (!repositories_.empty()) {
      AddFile("repositories", Rope(Write(repositories_.ToJson(), kGoCompact) + "\n"), 0);
    }
    SortByName(archive_.entries);
    return std::move(archive_);
  }

 private:
  void AddFile(const std::string& name, Rope content, std::int64_t mtime) {
    for (const TarEntry& entry : archive_.entries) {
      if (entry.name == name) return;
    }
    archive_.entries.push_back(FileEntry(kStyle, name, std::move(content), mtime));
  }

  // A layer whose bytes another one has already is a symlink, and its folder keeps the time of
  // saving: Docker sets times only where it wrote the tar.
  void SaveLayer(const SavedLayer& layer, const V1Layer& v1, std::int64_t created) {
    const std::string folder = v1.id + "/";
    for (const TarEntry& entry : archive_.entries) {
      if (entry.name == folder) return;
    }
    const auto saved = layer_paths_.find(layer.diff_id);
    const bool linked = saved != layer_paths_.end();
    const std::int64_t mtime = linked ? options_.clock : created;
    archive_.entries.push_back(DirectoryEntry(kStyle, folder, mtime));
    AddFile(folder + "VERSION", Rope("1.0"), mtime);
    AddFile(folder + "json", Rope(v1.json), mtime);
    if (!linked) {
      layer_paths_[layer.diff_id] = folder + "layer.tar";
      return AddFile(folder + "layer.tar", blobs_.Of(layer).bytes, mtime);
    }
    TarEntry link = FileEntry(kStyle, folder + "layer.tar", Rope(), mtime);
    link.type = '2';
    link.mode = WithTypeBits('2', 0777);
    link.link = "../" + saved->second;
    archive_.entries.push_back(std::move(link));
  }

  void AddToManifest(const SavedImage& image, const std::vector<V1Layer>& v1_layers,
                     const std::string& config_path) {
    std::vector<std::string> tags;
    for (const std::string& name : image.names) {
      tags.push_back(ShortName(name));
      repositories_.Add(tags.back(), v1_layers.back().id);
    }
    Json layers = Json::Array();
    for (const V1Layer& v1 : v1_layers) layers.Append(v1.id + "/layer.tar");
    manifest_.Append(Json::Object({{"Config", config_path},
                                   {"RepoTags", StringListOrNull(tags)},
                                   {"Layers", std::move(layers)}}));
  }

  const ArchiveOptions& options_;
  LayerBlobs blobs_;
  Archive archive_;
  Json manifest_ = Json::Array();
  Repositories repositories_;
  std::map<std::string, std::string> layer_paths_;  // diff_id to the path with the bytes
};

}  // namespace

Archive WriteDocker20(const Images& images, const ArchiveOptions& options) {
  LegacySaver saver(options);
  for (const SavedImage& image : images) saver.Save(image);
  return saver.Take();
}

}  // namespace watertight::generator
