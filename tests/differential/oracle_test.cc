// Every sample, read by the library and by oracle.py.

#include <gtest/gtest.h>

#include "tests/support/command.h"
#include "tests/support/samples.h"

namespace watertight::testing {
namespace {

constexpr char kFolder[] = WATERTIGHT_SOURCE_DIR "/tests/differential/";

class Oracle : public ::testing::TestWithParam<std::string> {};

TEST_P(Oracle, AgreesWithTheLibrary) {
  REQUIRE_SAMPLES();
  for (const std::string& sample : SamplesOf(GetParam())) {
    // Refused, as it must be: see DamagedImage.
    if (sample == "hist-inputs/diffsshort.tar") continue;
    // The one archive of several images.
    const bool several = sample == "umoci047-repack-oci.tar";
    for (const char* name :
         several ? std::vector<const char*>{"v1", "v2"} : std::vector<const char*>{""}) {
      const CommandResult result = RunCommand(
          "python3 " + ShellQuoted(std::string(kFolder) + "oracle.py") + " " +
          ShellQuoted(WATERTIGHT_DUMP) + " " + ShellQuoted(SamplePath(sample)) + " " + name);
      EXPECT_EQ(result.exit_code, 0) << result.output << result.error;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Samples, Oracle, ::testing::ValuesIn(SampleGroups()),
                         [](const auto& test) { return TestNameOf(test.param); });

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

TEST(OracleImages, AgreesOnRandomOnes) {
  const CommandResult result =
      RunCommand("python3 " + ShellQuoted(std::string(kFolder) + "random_images.py") + " " +
                 ShellQuoted(WATERTIGHT_DUMP) + " 1 40");
  EXPECT_EQ(result.exit_code, 0) << result.output << result.error;
}

}  // namespace
}  // namespace watertight::testing
