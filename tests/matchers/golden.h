// Whole failure messages, compared with tests/matchers/golden/NAME.golden.
//
//   WATERTIGHT_UPDATE_GOLDEN=1 watertight_matchers_test --gtest_filter='Golden.*'
//
// rewrites them; read the difference as a user would.

#pragma once

#include <functional>
#include <string>
#include <vector>

namespace watertight::testing {

struct GoldenCase {
  std::string title;
  std::function<void()> assertion;  // fails
};

// The messages of all failures of an assertion.
std::vector<std::string> FailuresOf(const std::function<void()>& assertion);

void ExpectGolden(const std::string& name, const std::vector<GoldenCase>& cases);

}  // namespace watertight::testing
