// The names of images in a Dockerfile: whether they are any, and what is said of an unknown one.
#pragma once

#include <string>

#include "generator/dockerfile/dockerfile.h"
#include "generator/error.h"

namespace watertight::generator {

// Throws: Error at that line, in the builder's words, for what is no reference.
void CheckImageReference(const std::string& name, int line, const Dialect& dialect);

// What there is to say when an image that is no stage cannot be found: `buildr: not found (did you
// mean builder?)`.
Error UnknownImage(const std::string& name, const Dockerfile& file);

}  // namespace watertight::generator
