// The bases of our own for FROM: fixtures/bases, Dockerfiles too, built into the library and built
// on first need.
//
// A base is a folder with a Dockerfile, the files that this copies, and base.json: the names that
// it answers to (patterns of fnmatch(3); the longest that matches counts), its builder, its date,
// and whose files it has too. NAME.mtree becomes the tar NAME, for ADD.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/build/base_image.h"

namespace watertight::generator {

struct BaseSummary {
  std::string name;  // of the folder
  std::string about;
  std::vector<std::string> names;  // that it answers to
};

std::vector<BaseSummary> OwnBases();

// Nothing for a name that none of them answers to. Safe to call from several threads.
std::optional<BaseImage> OwnBase(const std::string& reference);

}  // namespace watertight::generator
