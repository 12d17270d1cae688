// The exec form: a JSON array of strings.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

// Nothing when `text` is no JSON array; then it is a shell form. With `strict`, nothing may follow
// the array. Throws: Error when it is an array of something else than strings.
std::optional<std::vector<std::string>> ParseJsonArray(std::string_view text, bool strict);

}  // namespace watertight::generator
