// The shortest path of the same meaning: no doubled slashes, no `.`, no `..` that can be resolved,
// no slash at the end; "." for nothing.
#pragma once

#include <string>
#include <string_view>

namespace watertight::generator {

std::string CleanPath(std::string_view path);

}  // namespace watertight::generator
