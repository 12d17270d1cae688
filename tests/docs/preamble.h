// What the C++ in the documents may take for granted: the umbrella header, the usual names, and
// App().

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <watertight/gtest.h>
#include <watertight/image.h>
#include <watertight/leaks.h>

#include <iostream>
#include <string>

using namespace ::testing;     // NOLINT
using namespace ::watertight;  // NOLINT

inline const Image& App() {
  static const Image image = Image::Open("app.tar");
  return image;
}
