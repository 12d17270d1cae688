// Removing files and whole directories, as rm does it, and mv and find in its manner.

#pragma once

#include <string>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

struct RemoveOptions {
  bool recursive = false;
  bool force = false;
  bool verbose = false;
  bool empty_directories = false;  // rm -d
};

// Removes what it may, complains about the rest, and returns whether nothing was left.
bool RemoveFile(Process& process, const std::string& path, const RemoveOptions& options);

}  // namespace watertight::generator::commands
