// What the program prints of every sample, beside the independent reading in Python.

#include <gtest/gtest.h>

#include "tests/support/command.h"
#include "tests/support/samples.h"

namespace watertight::testing {
namespace {

constexpr char kProgram[] = WATERTIGHT_SOURCE_DIR "/tests/differential/program.py";

class Program : public ::testing::TestWithParam<std::string> {};

TEST_P(Program, PrintsWhatTheOracleReads) {
  REQUIRE_SAMPLES();
  for (const std::string& sample : SamplesOf(GetParam())) {
    // Refused, as it must be: see DamagedImage.
    if (sample == "hist-inputs/diffsshort.tar") continue;
    // The one archive of several images.
    const std::string name = sample == "umoci047-repack-oci.tar" ? " v2" : "";
    const CommandResult result =
        RunCommand("python3 " + ShellQuoted(kProgram) + " " + ShellQuoted(WATERTIGHT_PROGRAM) +
                   " " + ShellQuoted(SamplePath(sample)) + name);
    EXPECT_EQ(result.exit_code, 0) << sample << "\n" << result.output << result.error;
  }
}

INSTANTIATE_TEST_SUITE_P(Samples, Program, ::testing::ValuesIn(SampleGroups()),
                         [](const auto& test) { return TestNameOf(test.param); });

}  // namespace
}  // namespace watertight::testing
