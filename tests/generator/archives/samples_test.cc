// Every sample taken apart and saved again by our writers, in independent scripts.

#include <gtest/gtest.h>

#include "tests/support/command.h"
#include "tests/support/samples.h"

namespace watertight::testing {
namespace {

std::string Script(const std::string& name) {
  return "python3 " +
         ShellQuoted(std::string(WATERTIGHT_SOURCE_DIR) + "/tests/generator/archives/" + name) +
         " " + ShellQuoted(WATERTIGHT_SAVE);
}

std::string AllSamples() {
  std::string paths;
  for (const std::string& sample : RealSamples()) paths += " " + ShellQuoted(SamplePath(sample));
  return paths;
}

TEST(ResavedSamples, AreTheSameArchives) {
  REQUIRE_SAMPLES();
  const CommandResult result = RunCommand(Script("resave.py") + AllSamples());
  EXPECT_EQ(result.exit_code, 0) << result.output << result.error;
}

TEST(ResavedSamples, HaveTheSameLayers) {
  REQUIRE_SAMPLES();
  const CommandResult result = RunCommand(Script("rewrite.py") + AllSamples());
  EXPECT_EQ(result.exit_code, 0) << result.output << result.error;
}

// The comparison itself must be able to fail: another writer's archive is another archive.
TEST(ResavedSamples, DifferFromAnotherWriters) {
  REQUIRE_SAMPLES();
  const CommandResult result = RunCommand(Script("resave.py") + " --writer docker-26 " +
                                          ShellQuoted(SamplePath("docker28-C-bk.tar")));
  EXPECT_EQ(result.exit_code, 1) << result.output << result.error;
  EXPECT_NE(result.output.find("index.json: mtime"), std::string::npos) << result.output;
}

}  // namespace
}  // namespace watertight::testing
