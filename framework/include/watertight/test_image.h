// The image that a run of the tests is about, as the environment names it.
//
//   TEST(AppImage, NeverStoresTheNpmrc) {
//     EXPECT_NO_LEAKED_FILE(watertight::TestImage(), "**/.npmrc");
//   }
//
// CMake's watertight_add_image_test sets WATERTIGHT_IMAGE for the tests that it adds. By hand:
// WATERTIGHT_IMAGE=app.tar ./app_image_test.

#pragma once

#include "watertight/image.h"

namespace watertight {

// The image that WATERTIGHT_IMAGE names, any reference that Image::Open takes. It is opened when a
// test first asks for it, and then shared by all tests of the process. Throws: Error, kUsage when
// the variable is not set, or what Image::Open throws.
const Image& TestImage();

}  // namespace watertight
