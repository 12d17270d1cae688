#include "watertight/test_image.h"

#include <cstdlib>
#include <string>

namespace watertight {
namespace {

std::string Reference() {
  const char* reference = std::getenv("WATERTIGHT_IMAGE");
  if (reference != nullptr && *reference != '\0') return reference;
  throw Error(
      ErrorCode::kUsage,
      "WATERTIGHT_IMAGE is not set, and names no image to test. CTest sets it for "
      "watertight_add_image_test; by hand, put WATERTIGHT_IMAGE=app.tar before the command");
}

}  // namespace

const Image& TestImage() {
  static const Image image = Image::Open(Reference());
  return image;
}

}  // namespace watertight
