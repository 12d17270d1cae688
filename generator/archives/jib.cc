// jib's buildTar, Docker form: layers, config.json, manifest.json. One image alone; of several, the
// first keeps these names and the others' configs are numbered, which the tool itself cannot do.

#include <set>
#include <utility>

#include "generator/archives/entries.h"
#include "generator/archives/image_name.h"
#include "generator/archives/sha256.h"
#include "generator/archives/writers.h"

namespace watertight::generator {
namespace {

constexpr EntryStyle kStyle{};

}  // namespace

Archive WriteJib(const Images& images, const ArchiveOptions& options) {
  Archive archive;
  LayerBlobs blobs(options, Compression::kGzip, GzipStyle::kJava);
  std::set<std::string> seen;
  Json manifest = Json::Array();
  for (const SavedImage& image : images) {
    ParsedConfig(image);  // refuses what is none
    const std::string number = archive.images.empty() ? "" : std::to_string(archive.images.size());
    WrittenImage written{Digest(image.config), "config" + number + ".json", {}};
    std::vector<std::string> paths;
    for (const SavedLayer& layer : image.layers) {
      const LayerBlob& blob = blobs.Of(layer);
      paths.push_back(HexOf(blob.digest) + ".tar.gz");
      written.layers.push_back({paths.back(), blob.digest, blob.compression});
      if (!seen.insert(paths.back()).second) continue;
      archive.entries.push_back(FileEntry(kStyle, paths.back(), blob.bytes, 0));
    }
    archive.entries.push_back(FileEntry(kStyle, written.config_path, Rope(image.config), 0));
    std::vector<std::string> tags;
    for (const std::string& name : image.names) tags.push_back(ShortName(name));
    manifest.Append(Json::Object({{"Config", written.config_path},
                                  {"RepoTags", StringList(tags)},
                                  {"Layers", StringList(paths)}}));
    archive.images.push_back(std::move(written));
  }
  archive.entries.push_back(
      FileEntry(kStyle, "manifest.json", Rope(Write(manifest, kGoCompact)), 0));
  return archive;
}

}  // namespace watertight::generator
