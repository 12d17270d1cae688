// An archive whose bytes are what its documents claim.
//
//   EXPECT_INTACT(App());
//
// Every digest, size and reference of every document is compared with the bytes. Reads the whole
// archive. A layer that cannot be read is a violation: such an image is not intact, and
// Not(IsIntact()) holds.

#pragma once

#include <gmock/gmock.h>

#include "watertight/image.h"
#include "watertight/matchers/satisfies.h"

namespace watertight {

::testing::Matcher<const Image&> IsIntact();

}  // namespace watertight

#define EXPECT_INTACT(image) \
  EXPECT_PRED_FORMAT2(::watertight::internal::Satisfies, image, ::watertight::IsIntact())
#define ASSERT_INTACT(image) \
  ASSERT_PRED_FORMAT2(::watertight::internal::Satisfies, image, ::watertight::IsIntact())
