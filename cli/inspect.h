// The two forms of what `inspect` shows.

#pragma once

#include "watertight/image.h"

namespace watertight::cli {

class Output;

// Throws: Error when a layer cannot be read. A layer that the archive leaves out on purpose is
// shown as such.
void WriteInspectText(const Image& image, bool all, Output& out);
void WriteInspectJson(const Image& image, Output& out);

// All layers are in the archive.
bool IsComplete(const Image& image);

}  // namespace watertight::cli
