// RUN --mount=type=… as buildah 1.28 reads it: plain text between commas, no CSV.
#pragma once

#include <string>
#include <string_view>

#include "generator/dockerfile/mount.h"

namespace watertight::generator {

// `type` is that of the mount before in the same RUN, which a mount without a type gets too.
// Throws: Error in buildah's words.
Mount ParseBuildahMount(std::string_view text, const std::string& type);

}  // namespace watertight::generator
