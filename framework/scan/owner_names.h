// Passwords in the place of an owner's name in a tar header: what a packing script that takes its
// fields in the wrong order writes.

#pragma once

#include "watertight/known_values.h"

namespace watertight {

// Adds what looks made by chance. Throws: Error, for a layer that cannot be read.
void AddOwnerNames(const Image& image, ValueSearch* result);

}  // namespace watertight
