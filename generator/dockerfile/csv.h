// One line of comma separated values, as in --mount.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

// Throws: Error, `parse error on line 1, column 5: bare " in non-quoted field` and the like.
std::vector<std::string> ParseCsv(std::string_view line);

}  // namespace watertight::generator
