// Saved images as the bases of a build: what the generator needs of them, and which image a FROM
// means.
//
//   const generator::BaseImages bases = OpenBases({"node:14=node.tar"}, "linux/amd64");
//   bases("docker.io/library/node:14")->layers.size();

#pragma once

#include <string>
#include <vector>

#include "generator/build/base_image.h"
#include "watertight/image.h"

namespace watertight::cli {

// Contents and layers are read from the image when they are asked for; a compressed layer is then
// uncompressed once. Throws: Error when a layer cannot be read.
generator::BaseImage BaseImageOf(const Image& image, const std::string& name);

// A name of FROM or COPY --from, such as "node:14", "docker.io/library/node:14" or
// "node:14@sha256:…", means the image that goes by `name`. A digest counts only where `name` has
// one: what a registry would give under it, a saved image does not tell.
bool MeansImage(const std::string& reference, const std::string& name);

// Opens the images of --base, "NAME=IMAGE", and finds them by name. What is wrong in an image that
// is asked for comes as generator::Error. Throws: Error, for an image that cannot be opened; with
// kUsage, for a value that is no NAME=IMAGE and for a name that is given twice.
generator::BaseImages OpenBases(const std::vector<std::string>& values,
                                const std::string& platform);

}  // namespace watertight::cli
