#include "generator/build/stage_images.h"

#include <optional>
#include <utility>

#include "generator/build/base_stage.h"
#include "generator/build/bases.h"
#include "generator/dockerfile/image_references.h"
#include "generator/error.h"

namespace watertight::generator {

const BaseImage& StageImages::Named(const std::string& name, int line) {
  const auto known = images_.find(name);
  if (known != images_.end()) return known->second;
  std::optional<BaseImage> image;
  try {
    if (bases_) image = bases_(name);
    if (!image) image = OwnBase(name);
    if (!image) throw UnknownImage(name, file_);
  } catch (const Error& error) {
    throw error.At(line);
  }
  return images_.emplace(name, std::move(*image)).first->second;
}

const BaseImage& StageImages::ForBuildah(const StageSource& source) {
  try {
    return Named(source.name, source.line);
  } catch (const Error&) {
    const std::string who = source.option.empty() ? "COPY --from=" : source.option + " from=";
    throw Error(who + source.name + ": no stage or image found with that name");
  }
}

const FileTree& StageImages::FilesOf(const StageSource& source, const Scope& scope) {
  const auto known = files_.find(source.name);
  if (known != files_.end()) return known->second;
  const bool buildah = file_.dialect.family == Family::kBuildah;
  const BaseImage& image = buildah ? ForBuildah(source) : Named(source.name, source.line);
  return files_.emplace(source.name, StageFromImage(image, scope).files).first->second;
}

}  // namespace watertight::generator
