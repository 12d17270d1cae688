// Every sample's rootfs beside the tree that skopeo and umoci make of it. Where umoci reads a
// whiteout otherwise, or refuses it, the table says so: the umoci column of the matrix of engines.

#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "tests/support/command.h"
#include "tests/support/samples.h"

namespace watertight::testing {
namespace {

constexpr char kProgram[] = WATERTIGHT_SOURCE_DIR "/tests/differential/unpacked.py";
constexpr int kSame = 0;
constexpr int kDiffer = 1;
constexpr int kRefused = 77;

struct Outcome {
  int exit_code = kSame;
  const char* says = "";
};

// Checked against umoci 0.4.7 and skopeo 1.9.
const std::map<std::string, Outcome>& Exceptions() {
  static const std::map<std::string, Outcome> exceptions = {
      // The whiteout that follows touches the directory: only its time differs.
      {"corner-inputs/dir_then_wh_same.tar", {kDiffer, "mtime"}},
      {"corner-inputs/hl_after_wh.tar", {kRefused, "newhl: link: no such file"}},
      {"corner-inputs/implicit_under_file.tar", {kRefused, "f: not a directory"}},
      // umoci follows symlinks of lower layers.
      {"corner-inputs/opq_via_symdir.tar", {kDiffer, "only read: b'real/z'"}},
      {"corner-inputs/wh_via_symdir.tar", {kDiffer, "only read: b'real/z'"}},
      {"corner-inputs/via_symdir.tar", {kDiffer, "only unpacked: b'real/new'"}},
      {"corner-inputs/via_abs_symdir.tar", {kDiffer, "only unpacked: b'real/new'"}},
      // Whiteouts that name nothing.
      {"corner-inputs/wh_bare.tar", {kRefused, "a/.wh.:"}},
      {"corner-inputs/wh_dot.tar", {kRefused, "a/.wh..:"}},
      {"corner-inputs/wh_dotdot.tar", {kRefused, "a/sub/.wh...:"}},
      {"hist-inputs/diffsshort.tar", {kRefused, "Inconsistent layer count"}},
      {"hist-inputs/diffswrong.tar", {kRefused, "Digest did not match"}}};
  return exceptions;
}

void ExpectUnpacksAsTableSays(const std::string& sample) {
  // The one archive of several images.
  const std::string name = sample == "umoci047-repack-oci.tar" ? " v2" : "";
  const CommandResult result =
      RunCommand("python3 " + ShellQuoted(kProgram) + " " + ShellQuoted(WATERTIGHT_DUMP) + " " +
                 ShellQuoted(SamplePath(sample)) + name);
  const auto exception = Exceptions().find(sample);
  const Outcome expected = exception == Exceptions().end() ? Outcome() : exception->second;
  EXPECT_EQ(result.exit_code, expected.exit_code) << sample << "\n"
                                                  << result.output << result.error;
  EXPECT_NE(result.output.find(expected.says), std::string::npos) << sample << "\n"
                                                                  << result.output;
}

class Unpacked : public ::testing::TestWithParam<std::string> {};

TEST_P(Unpacked, IsTheRootfs) {
  REQUIRE_SAMPLES();
  if (geteuid() != 0) GTEST_SKIP() << "umoci restores owners and devices as root only";
  for (const char* program : {"skopeo", "umoci"}) {
    if (!HasProgram(program)) GTEST_SKIP() << program << " is not installed";
  }
  for (const std::string& sample : SamplesOf(GetParam())) ExpectUnpacksAsTableSays(sample);
}

INSTANTIATE_TEST_SUITE_P(Samples, Unpacked, ::testing::ValuesIn(SampleGroups()),
                         [](const auto& test) { return TestNameOf(test.param); });

}  // namespace
}  // namespace watertight::testing
