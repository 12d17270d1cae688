// Every sample, read by the library and by oracle.py.

#include <gtest/gtest.h>

#include "tests/support/command.h"
#include "tests/support/samples.h"

namespace watertight::testing {
namespace {

constexpr char kFolder[] = WATERTIGHT_SOURCE_DIR "/tests/differential/";

std::vector<std::string> Images() {
  std::vector<std::string> images = RealSamples();
  for (const char* folder : {"corner-inputs", "hist-inputs"}) {
    for (const std::string& name : SamplesIn(folder)) {
      // Refused, as it must be: DamagedImage.LayersAndDiffIdsOfDifferentLength.
      if (name != "hist-inputs/diffsshort.tar") images.push_back(name);
    }
  }
  return images;
}

class Oracle : public ::testing::TestWithParam<std::string> {};

TEST_P(Oracle, AgreesWithTheLibrary) {
  const std::string& sample = GetParam();
  // The one archive of several images.
  const std::vector<std::string> names = sample == "umoci047-repack-oci.tar"
                                             ? std::vector<std::string>{"v1", "v2"}
                                             : std::vector<std::string>{""};
  for (const std::string& name : names) {
    const CommandResult result = RunCommand(
        "python3 " + ShellQuoted(std::string(kFolder) + "oracle.py") + " " +
        ShellQuoted(WATERTIGHT_DUMP) + " " + ShellQuoted(SamplePath(sample)) + " " + name);
    EXPECT_EQ(result.exit_code, 0) << result.output << result.error;
  }
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(Oracle);
INSTANTIATE_TEST_SUITE_P(Samples, Oracle, ::testing::ValuesIn(Images()),
                         [](const auto& test) { return TestNameOf(test.param); });

TEST(OracleSamples, AreThere) {
  REQUIRE_SAMPLES();
  EXPECT_EQ(Images().size(), 90U + 52 + 8);
}

// The five forms of one layer, as whole images.
TEST(OracleSamples, AgreesOnLayersOfFiveTarWriters) {
  REQUIRE_SAMPLES();
  const TemporaryFolder folder;
  for (const std::string& form : SamplesIn("tarforms")) {
    const std::string image = folder.Path(TestNameOf(form) + ".tar");
    const CommandResult made =
        RunCommand("python3 " + ShellQuoted(std::string(kFolder) + "wrap_layers.py") + " " +
                   ShellQuoted(image) + " " + ShellQuoted(SamplePath(form)));
    ASSERT_EQ(made.exit_code, 0) << made.error;
    const CommandResult result =
        RunCommand("python3 " + ShellQuoted(std::string(kFolder) + "oracle.py") + " " +
                   ShellQuoted(WATERTIGHT_DUMP) + " " + ShellQuoted(image));
    EXPECT_EQ(result.exit_code, 0) << form << "\n" << result.output << result.error;
  }
}

}  // namespace
}  // namespace watertight::testing
