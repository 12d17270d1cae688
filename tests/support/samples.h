// The sample kit: real image archives that stay outside of the repository.
//
//   REQUIRE_SAMPLES();  // first in a test: skips it, with the reason, where there is no kit
//   const auto image = watertight::Image::Open(testing::SamplePath("docker28-C-bk.tar"));
//
// The kit is found through the environment variable WATERTIGHT_SAMPLES: a folder with the program
// `unpack`, or one that is unpacked already. Without the variable: ../shared/samples beside the
// sources.

#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace watertight::testing {

// Why there are no samples; empty when there are. The first call unpacks them into the build tree,
// one process at a time.
const std::string& SamplesMissing();

// The unpacked folder, without a slash at its end. Requires: SamplesMissing() is empty.
const std::string& SamplesFolder();

// The full path of "docker28-C-bk.tar" or "corner-inputs/wh_file.tar".
std::string SamplePath(const std::string& name);

// The names of all images that real tools wrote (90 of them), sorted; none without a kit.
std::vector<std::string> RealSamples();
// The names of the files of a folder: "corner-inputs" and "hist-inputs" hold images, "tarforms"
// holds bare layer tars.
std::vector<std::string> SamplesIn(const std::string& folder);

// Groups of images, for tests that run side by side; known without the kit, so that tests of
// samples have the same names everywhere.
const std::vector<std::string>& SampleGroups();
// The images of a group: those whose names begin with "docker28-", or those of a folder.
std::vector<std::string> SamplesOf(const std::string& group);

// A sample's name as part of a test's name: letters, digits and underscores.
std::string TestNameOf(const std::string& sample);

}  // namespace watertight::testing

#define REQUIRE_SAMPLES()                               \
  if (!::watertight::testing::SamplesMissing().empty()) \
  GTEST_SKIP() << ::watertight::testing::SamplesMissing()
