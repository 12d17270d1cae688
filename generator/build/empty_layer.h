// What counts as no layer: a tar without entries. What a step made in the root directory and took
// away again leaves one.
#pragma once

#include "generator/archives/rope.h"

namespace watertight::generator {

// Two blocks of zeros, which end every tar.
inline bool IsEmptyLayer(const Rope& tar) { return tar.size() == 1024; }

}  // namespace watertight::generator
