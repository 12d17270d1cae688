// Where the bytes of an image come from: a file, a folder, a daemon, a registry.

#pragma once

#include "framework/image/archive.h"
#include "framework/image/reference.h"

namespace watertight {

// Throws: Error with what() lacking the image's name.
Archive OpenSource(const Reference& reference, const OpenOptions& options);

}  // namespace watertight
