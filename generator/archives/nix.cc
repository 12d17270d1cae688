// nix's dockerTools.streamLayeredImage: Python's tarfile and json. The tool makes its config
// itself, so the config is written in its spelling: indented by 4, ASCII only.

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

Archive WriteNix(const Images& images, const ArchiveOptions& options) {
  Archive archive;
  archive.tar = {TarForm::kPython, 10240, true};
  LayerBlobs blobs(options, Compression::kNone, GzipStyle::kGo);
  std::set<std::string> seen;
  Json manifest = Json::Array();
  for (const SavedImage& image : images) {
    const Json parsed = ParsedConfig(image);
    // The option `created`, which the tool also gives as mtime to all that it writes.
    const std::int64_t mtime = CreatedOf(parsed).value_or(options.clock);
    std::string config = Write(parsed, kPythonIndented4);
    WrittenImage written{Digest(config), Sha256Hex(config) + ".json", {}};
    std::vector<std::string> paths;
    for (const SavedLayer& layer : image.layers) {
      const LayerBlob& blob = blobs.Of(layer);
      paths.push_back(HexOf(layer.diff_id) + "/layer.tar");
      written.layers.push_back({paths.back(), blob.digest, blob.compression});
      if (!seen.insert(paths.back()).second) continue;
      archive.entries.push_back(FileEntry(kStyle, paths.back(), blob.bytes, mtime));
    }
    archive.entries.push_back(
        FileEntry(kStyle, written.config_path, Rope(std::move(config)), mtime));
    std::vector<std::string> tags;
    for (const std::string& name : image.names) tags.push_back(ShortName(name));
    manifest.Append(Json::Object({{"Config", written.config_path},
                                  {"RepoTags", StringList(tags)},
                                  {"Layers", StringList(paths)}}));
    archive.images.push_back(std::move(written));
  }
  const std::int64_t mtime = archive.entries.back().mtime;
  archive.entries.push_back(
      FileEntry(kStyle, "manifest.json", Rope(Write(manifest, kPythonIndented4)), mtime));
  return archive;
}

}  // namespace watertight::generator
