// Each check of each image as a test of GoogleTest, whose flags choose, shuffle, repeat and share
// them.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/check_targets.h"

namespace CLI {
class App;
}

namespace watertight::cli {

// Flags of GoogleTest, as given: "--gtest_filter=*.NoSecrets". Those that are not given may stand
// in the environment: GTEST_FILTER, GTEST_TOTAL_SHARDS, GTEST_SHARD_INDEX.
struct TestFlags {
  std::string filter;
  std::string output;
  int random_seed = 0;
  int repeat = 1;
  bool list_tests = false;
  bool shuffle = false;
  bool fail_fast = false;
};

void AddTestFlags(CLI::App* command, TestFlags* flags);

// An image of which the flags chose a check.
struct TestedImage {
  std::size_t number = 0;  // among the runs
  std::string reference;
  CheckedImage checked;  // its results: of the checks that the flags chose, in its order
  std::string error;     // why it could not be opened
  bool is_none = false;  // since it is no image, as may be in a folder
  std::size_t checks = 0;
};

// Runs the tests that the flags choose; with list_tests it prints their names, and runs none. Once
// in a program. undone: takes a line when GoogleTest's own report could not be written. Throws:
// Error, when the flags choose none.
std::vector<TestedImage> RunAsTests(const std::vector<CheckTarget>& targets, const TestFlags& flags,
                                    std::vector<std::string>* undone);

}  // namespace watertight::cli
