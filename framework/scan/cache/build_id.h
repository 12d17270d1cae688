// Which build of the program, or of the library that holds this code, is running.

#pragma once

#include <string>

namespace watertight {

// Bytes that another build does not have: the build id that the linker wrote; where it wrote none,
// what the file system tells of the program.
std::string BuildId();

}  // namespace watertight
