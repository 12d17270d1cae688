#include "tests/matchers/golden.h"

#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/support/command.h"

namespace watertight::testing {

std::vector<std::string> FailuresOf(const std::function<void()>& assertion) {
  ::testing::TestPartResultArray parts;
  {
    const ::testing::ScopedFakeTestPartResultReporter reporter(
        ::testing::ScopedFakeTestPartResultReporter::INTERCEPT_ONLY_CURRENT_THREAD, &parts);
    assertion();
  }
  std::vector<std::string> messages;
  for (int i = 0; i < parts.size(); ++i) {
    if (parts.GetTestPartResult(i).failed()) {
      messages.emplace_back(parts.GetTestPartResult(i).message());
    }
  }
  return messages;
}

void ExpectGolden(const std::string& name, const std::vector<GoldenCase>& cases) {
  std::string text;
  for (const GoldenCase& test : cases) {
    const std::vector<std::string> failures = FailuresOf(test.assertion);
    EXPECT_FALSE(failures.empty()) << test.title << " is meant to fail";
    text += "=== " + test.title + "\n";
    for (const std::string& failure : failures) text += failure + "\n";
    text += "\n";
  }
  const std::string path = WATERTIGHT_MATCHERS_TESTS "/golden/" + name + ".golden";
  if (getenv("WATERTIGHT_UPDATE_GOLDEN") != nullptr) {
    WriteFile(path, text);
    GTEST_SKIP() << path << " is written, not compared";
  }
  EXPECT_EQ(text, ReadFile(path)) << "see tests/matchers/golden.h";
}

}  // namespace watertight::testing
