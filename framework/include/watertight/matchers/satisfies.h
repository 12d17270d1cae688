// How the macros of Watertight report: as EXPECT_THAT does, in one failure.

#pragma once

#include <gmock/gmock.h>

#include "watertight/image.h"

namespace watertight::internal {

// For EXPECT_PRED_FORMAT2.
::testing::AssertionResult Satisfies(const char* image_text, const char* matcher_text,
                                     const Image& image,
                                     const ::testing::Matcher<const Image&>& matcher);

}  // namespace watertight::internal
