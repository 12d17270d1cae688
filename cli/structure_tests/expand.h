// Variables in texts of files of container-structure-test.

#pragma once

#include <functional>
#include <string>

namespace watertight::cli {

// Replaces $NAME and ${NAME} by the rules of os.Expand of Go: a name that is none is dropped, and a
// "$" before no name stays.
std::string Expand(const std::string& text,
                   const std::function<std::string(const std::string& name)>& value);

}  // namespace watertight::cli
