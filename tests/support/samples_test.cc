#include "tests/support/samples.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/support/command.h"

namespace watertight::testing {
namespace {

using ::testing::SizeIs;

TEST(Samples, AreAllThere) {
  REQUIRE_SAMPLES();
  EXPECT_THAT(RealSamples(), SizeIs(90));
  EXPECT_THAT(SamplesIn("corner-inputs"), SizeIs(52));
  EXPECT_THAT(SamplesIn("hist-inputs"), SizeIs(9));
  EXPECT_THAT(SamplesIn("tarforms"), SizeIs(5));
}

TEST(Samples, BelongToOneGroupEach) {
  REQUIRE_SAMPLES();
  std::vector<std::string> grouped;
  for (const std::string& group : SampleGroups()) {
    EXPECT_THAT(SamplesOf(group), ::testing::Not(::testing::IsEmpty())) << group;
    for (const std::string& sample : SamplesOf(group)) grouped.push_back(sample);
  }
  EXPECT_THAT(grouped, SizeIs(90 + 52 + 9));
  EXPECT_THAT(std::set<std::string>(grouped.begin(), grouped.end()), SizeIs(grouped.size()));
}

TEST(Samples, HaveNamesForTests) {
  EXPECT_EQ(TestNameOf("corner-inputs/wh_file.tar"), "corner_inputs_wh_file");
}

TEST(Command, KeepsOutputErrorAndCode) {
  const CommandResult result = RunCommand("cat; echo two >&2; exit 3", "one");
  EXPECT_EQ(result.output, "one");
  EXPECT_EQ(result.error, "two\n");
  EXPECT_EQ(result.exit_code, 3);
}

TEST(Command, QuotesForTheShell) {
  const std::string odd = "it's \"a\" $HOME\n";
  EXPECT_EQ(RunCommand("printf %s " + ShellQuoted(odd)).output, odd);
}

}  // namespace
}  // namespace watertight::testing
