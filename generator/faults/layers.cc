#include "generator/faults/layers.h"

#include <utility>

#include "generator/archives/sha256.h"
#include "generator/error.h"
#include "generator/fixtures/then/saved_config.h"

namespace watertight::generator {
namespace {

SavedLayer& TopLayer(SavedImage& image) {
  if (image.layers.empty()) throw Error("the image has no layers");
  return image.layers.back();
}

}  // namespace

void ReplaceTopLayer(SavedImage& image, Rope tar) {
  SavedLayer& layer = TopLayer(image);
  layer.diff_id = Digest(tar);
  layer.tar = std::move(tar);
  layer.stored.reset();
  SetDiffIds(image);
}

void StoreTopLayerAs(SavedImage& image, Rope bytes, Compression compression) {
  std::string digest = Digest(bytes);
  TopLayer(image).stored = StoredBlob{std::move(bytes), std::move(digest), compression};
}

TarEntry LargeFile() {
  TarEntry entry;
  entry.name = "app/large";
  std::string text;
  for (int line = 0; line < 1000; ++line) text += "line " + std::to_string(line) + "\n";
  entry.content = Rope(std::move(text));
  return entry;
}

}  // namespace watertight::generator
