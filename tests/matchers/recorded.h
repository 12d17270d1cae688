// The images of examples/article, recorded with a real engine.

#pragma once

#include <string>

#include "watertight/image.h"

namespace watertight::testing {

// "copy-then-delete.classic". Opened once; its reference is "NAME.tar", since the folder of the
// images becomes the working directory.
const Image& Recorded(const std::string& name);

}  // namespace watertight::testing
