// One image beside another.
//
//   EXPECT_THAT(App(), IsBasedOn(Image::Open("base.tar")));
//   EXPECT_THAT(Rebuilt(), HasSameContentAs(App()));

#pragma once

#include <gmock/gmock.h>

#include "watertight/image.h"

namespace watertight {

// The first layers are those of the base, by their diff_ids.
::testing::Matcher<const Image&> IsBasedOn(Image base);

// The root filesystems are equal: paths, types, modes, owners, link targets, extended attributes
// and bytes. Times, layers and configuration are not compared.
::testing::Matcher<const Image&> HasSameContentAs(Image other);

}  // namespace watertight
