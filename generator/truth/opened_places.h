// What a file holds of planted values, also in an archive that the build itself made of them: with
// tar, gzip and their like in a RUN. What recipes and encodings packed is planted as it is.
#pragma once

#include <string_view>
#include <vector>

#include "generator/truth/form_search.h"

namespace watertight::generator {

std::vector<FoundForm> PlacesInFile(std::string_view content, const FormSearch& search);

}  // namespace watertight::generator
