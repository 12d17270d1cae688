// Deflate as the gzip program and BusyBox's write it, byte for byte; see deflate_blocks.h. Fixed
// by what these programs have done for decades, so it depends on no library and on no version.

#pragma once

#include <string>

#include "generator/archives/rope.h"

namespace watertight::generator::commands {

// `level`: 1 to 9; BusyBox as Debian builds it has 6 alone.
std::string Deflate(const Rope& input, int level);

}  // namespace watertight::generator::commands
