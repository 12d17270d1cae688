// A small image for tests of writers: two layers, the second of which deletes the secret of the
// first, and a third that is the second again.

#pragma once

#include <string>
#include <vector>

#include "generator/archives/archive.h"

namespace watertight::testing {

// The secret: /app/secret.txt holds it.
inline constexpr char kExampleSecret[] = "PLANT-secret\n";

generator::SavedImage ExampleImage(const std::vector<std::string>& names);

// Another config over the same layers.
generator::SavedImage RelatedImage(const std::vector<std::string>& names);

}  // namespace watertight::testing
