// How much an image is: its layers, and what they store for nobody.
//
//   EXPECT_THAT(App(), HasLayerCount(Le(20)));
//   EXPECT_THAT(App(), WastesAtMost(Percent(1)));
//
// Wasted are the bytes of files that are stored but that the container does not show. For the size
// of an image see watertight/matchers/size.h.

#pragma once

#include <gmock/gmock.h>

#include <cstdint>
#include <ostream>

#include "watertight/image.h"

namespace watertight {

struct Percent {
  explicit Percent(double of_the_image) : value(of_the_image) {}

  double value;
};

void PrintTo(const Percent& percent, std::ostream* out);

::testing::Matcher<const Image&> HasLayerCount(::testing::Matcher<int> count);
::testing::Matcher<const Image&> WastesAtMost(std::int64_t bytes);
// Of the size of all uncompressed layers.
::testing::Matcher<const Image&> WastesAtMost(Percent percent);

}  // namespace watertight
