// docker-archive as containers/image writes it (skopeo, podman, buildah): layers in the root named
// by diff_id, then for each layer a v1 folder whose layer.tar is a symlink. No directory entries.

#include <set>
#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/image_name.h"
#include "generator/archives/sha256.h"
#include "generator/archives/v1_image.h"
#include "generator/archives/writers.h"

namespace watertight::generator {
namespace {

constexpr EntryStyle kStyle{false, "", 0444};

class ArchiveSaver {
 public:
  ArchiveSaver(const ArchiveOptions& options, std::string (*name_form)(const std::string&))
      : blobs_(options, Compression::kNone, GzipStyle::kContainers), name_form_(name_form) {}

  void Save(const SavedImage& image) {
    const Json config = ParsedConfig(image);
    WrittenImage written{Digest(image.config), Sha256Hex(image.config) + ".json", {}};
    std::vector<std::string> diff_ids;
    std::vector<std::string> paths;
    for (const SavedLayer& layer : image.layers) {
      const LayerBlob& blob = blobs_.Of(layer);
      diff_ids.push_back(layer.diff_id);
      paths.push_back(HexOf(layer.diff_id) + ".tar");
      AddFile(paths.back(), blob.bytes);
      written.layers.push_back({paths.back(), blob.digest, blob.compression});
    }
    AddFile(written.config_path, Rope(image.config));
    const std::vector<V1Layer> v1_layers = ContainersV1Layers(config, diff_ids);
    for (std::size_t i = 0; i < v1_layers.size(); ++i) AddV1Layer(v1_layers[i], paths[i]);
    std::vector<std::string> tags;
    for (const std::string& name : image.names) {
      tags.push_back(name_form_(name));
      if (!v1_layers.empty()) repositories_.Add(tags.back(), v1_layers.back().id);
    }
    manifest_.Append(Json::Object({{"Config", written.config_path},
                                   {"RepoTags", StringList(tags)},
                                   {"Layers", StringList(paths)}}));
    archive_.images.push_back(std::move(written));
  }

  Archive Take() {
    AddFile("manifest.json", Rope(Write(manifest_, kGoCompact)));
    AddFile("repositories", Rope(Write(repositories_.ToJson(), kGoCompact)));
    return std::move(archive_);
  }

 private:
  void AddFile(const std::string& name, Rope content) {
    if (!names_.insert(name).second) return;
    archive_.entries.push_back(FileEntry(kStyle, name, std::move(content), 0));
  }

  void AddV1Layer(const V1Layer& v1, const std::string& layer_path) {
    if (!names_.insert(v1.id).second) return;
    TarEntry link = FileEntry(kStyle, v1.id + "/layer.tar", Rope(), 0);
    link.type = '2';
    link.mode = 0;
    link.link = "../" + layer_path;
    archive_.entries.push_back(std::move(link));
    AddFile(v1.id + "/VERSION", Rope("1.0"));
    AddFile(v1.id + "/json", Rope(v1.json));
  }

  LayerBlobs blobs_;
  std::string (*name_form_)(const std::string&);
  Archive archive_;
  std::set<std::string> names_;
  Json manifest_ = Json::Array();
  Repositories repositories_;
};

Archive Save(const Images& images, const ArchiveOptions& options,
             std::string (*name_form)(const std::string&)) {
  ArchiveSaver saver(options, name_form);
  for (const SavedImage& image : images) saver.Save(image);
  return saver.Take();
}

}  // namespace

Archive WriteSkopeo(const Images& images, const ArchiveOptions& options) {
  return Save(images, options, FullName);
}

Archive WritePodman(const Images& images, const ArchiveOptions& options) {
  return Save(images, options, LocalName);
}

}  // namespace watertight::generator
