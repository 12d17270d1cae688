// The parts of an image, for the library's own code.

#pragma once

#include "framework/image/image_state.h"

namespace watertight::internal {

struct ImageAccess {
  static const ImageState& State(const Image& image) { return *image.state_; }
};

}  // namespace watertight::internal
