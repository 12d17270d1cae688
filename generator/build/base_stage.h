// FROM an image: a stage that begins with what the image holds.
#pragma once

#include "generator/build/base_image.h"
#include "generator/build/stage_build.h"

namespace watertight::generator {

// Throws: Error when the configuration is none.
StageBuild StageFromImage(const BaseImage& image, const Scope& scope);

// The file tree with which a stage from that image begins.
FileTree TreeOf(const BaseImage& image);

// The other way: a finished tree as a base's root file system.
std::vector<BaseEntry> EntriesOf(const FileTree& files);

}  // namespace watertight::generator
