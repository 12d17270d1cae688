// The fixtures of the canaries, as they are built into the library.

#pragma once

#include <span>

#include "generator/build/embedded_files.h"

namespace watertight::bench {

using generator::EmbeddedFile;

// bench/accuracy/run/canaries, sorted by path.
std::span<const EmbeddedFile> CanaryFiles();

}  // namespace watertight::bench
