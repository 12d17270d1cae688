// The parts of the page, as they are built into the program.

#pragma once

#include <span>

#include "generator/build/embedded_files.h"

namespace watertight::cli {

using generator::EmbeddedFile;

// cli/page, sorted by path.
std::span<const EmbeddedFile> PageFiles();

}  // namespace watertight::cli
