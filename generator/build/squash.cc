#include "generator/build/squash.h"

#include <utility>

#include "generator/archives/sha256.h"
#include "generator/build/layer_tar.h"
#include "generator/builders/documents.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

// chain(1) = diff_id(1), chain(n) = sha256 of "chain(n-1) diff_id(n)" (image-spec config.md).
std::string ChainId(const std::vector<SavedLayer>& layers) {
  std::string chain;
  for (const SavedLayer& layer : layers) {
    chain = chain.empty() ? layer.diff_id : Digest(chain + " " + layer.diff_id);
  }
  return chain;
}

void CheckLayers(const StageBuild& stage) {
  const std::string failed = "error squashing image: ";
  if (stage.store == Store::kContainerd) throw Error(failed + "not implemented");
  if (stage.layers.empty()) throw Error(failed + "error getting image layer: layer does not exist");
  if (stage.layers.size() > stage.start.layers) return;
  throw Error(failed + "error getting tar stream to parent: layer ID '" + ChainId(stage.layers) +
              "' is not a parent of the specified layer: cannot provide diff to non-parent");
}

// A single layer is taken as it is; of several, Docker compares the files before and after.
SavedLayer MergedLayer(const StageBuild& stage) {
  if (stage.layers.size() == stage.start.layers + 1) return stage.layers.back();
  const FileRules& rules = FileRulesOf(stage.scope.dialect().builder);
  SavedLayer layer;
  layer.tar = stage.start.layers == 0 ? WholeTreeTar(stage.files, rules)
                                      : MergedLayerTar(stage.base_files, stage.files, rules);
  layer.diff_id = Digest(layer.tar);
  return layer;
}

Json SquashedHistory(const Json& history, const StageBuild& stage, const std::string& created) {
  Json squashed = Json::Array();
  for (size_t i = 0; i < history.items().size(); ++i) {
    Json entry = history.items()[i];
    if (i >= stage.start.history) entry.Set("empty_layer", true);
    squashed.Append(std::move(entry));
  }
  const std::string& base = stage.start.image_id;
  const std::string comment = base.empty() ? "create new from " + stage.image.id
                                           : "merge " + stage.image.id + " to " + base;
  return squashed.Append(Json::Object({{"created", created}, {"comment", comment}}));
}

}  // namespace

void Squash(StageBuild& stage, const std::string& created) {
  CheckLayers(stage);
  SavedLayer merged = MergedLayer(stage);
  stage.layers.resize(stage.start.layers);
  stage.layers.push_back(std::move(merged));
  Json document = ParseJson(stage.image.document, "the configuration");
  document.Set("created", created);
  document.Set("history", SquashedHistory(*document.Find("history"), stage, created));
  document.Set("rootfs", RootfsObject(stage.layers));
  // The store knows the image before the last step, and this document alone repeats it.
  SetUnlessEmpty(document, "parent", document.Find("config")->TextOf("Image"));
  stage.image.document = Write(document.SortMembers(), kGoCompact);
  stage.image.id = Digest(stage.image.document);
}

}  // namespace watertight::generator
