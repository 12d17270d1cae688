// Everything for a test of an image: all macros and matchers, and what they work on.
//
//   TEST(AppImage, NeverStoredTheNpmrc) { EXPECT_NO_LEAKED_FILE(App(), "**/.npmrc"); }
//   TEST(AppImage, RunsUnprivileged) { EXPECT_THAT(App().config(), RunsAs("node")); }
//
// Link watertight::gtest and GTest::gmock_main. A program that only reads images includes
// watertight/image.h, and needs no GoogleTest.

#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "watertight/image.h"
#include "watertight/matchers/config.h"
#include "watertight/matchers/files.h"
#include "watertight/matchers/images.h"
#include "watertight/matchers/intact.h"
#include "watertight/matchers/layers.h"
#include "watertight/matchers/leaks.h"
#include "watertight/matchers/size.h"
#include "watertight/secret.h"
#include "watertight/test_image.h"
