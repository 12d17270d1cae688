// Files that a command writes beside its output.

#pragma once

#include <string>

namespace watertight::cli {

// Replaces the regular file, or makes it, in one step. Throws: Error, kIo; the file is then what it
// was.
void ReplaceFile(const std::string& path, std::string bytes);

}  // namespace watertight::cli
