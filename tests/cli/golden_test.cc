// Every command's output on the recorded images, in full. WATERTIGHT_UPDATE_GOLDEN=1 writes the
// files anew.

#include <gmock/gmock.h>

#include <cctype>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace watertight::testing {
namespace {

constexpr const char* kImages[] = {"build-arg.buildkit",
                                   "build-arg.classic",
                                   "copy-then-delete.buildkit",
                                   "copy-then-delete.classic",
                                   "directory-replaced.buildkit",
                                   "directory-replaced.classic",
                                   "env.buildkit",
                                   "env.classic",
                                   "multi-stage.buildkit",
                                   "multi-stage.classic",
                                   "overwritten.buildkit",
                                   "overwritten.classic",
                                   "same-run.buildkit",
                                   "secret-mount.buildkit"};

using ::testing::HasSubstr;
using ::testing::Not;

struct Call {
  std::string name;  // of the golden file
  std::string arguments;
};

std::vector<Call> Calls() {
  std::vector<Call> calls = {{"help", "--help"},
                             {"version", "--version"},
                             {"completion.bash", "completion bash"},
                             {"completion.zsh", "completion zsh"},
                             {"completion.fish", "completion fish"}};
  for (const std::string command :
       {"inspect", "ls", "cat", "diff", "find", "check", "merge", "generate", "score"}) {
    calls.push_back({command + ".help", command + " --help"});
  }
  for (const std::string image : kImages) {
    for (const std::string format : {"text", "json"}) {
      const std::string end = " --format " + format + " " + image + ".tar";
      calls.push_back({image + ".inspect." + format, "inspect" + end});
      calls.push_back({image + ".ls." + format, "ls" + end});
      calls.push_back({image + ".ls-all." + format, "ls --all" + end});
      calls.push_back({image + ".ls-layer." + format, "ls --layer 0" + end});
      calls.push_back({image + ".check." + format, "check" + end});
      calls.push_back({image + ".find." + format, "find --value supersecret" + end});
      calls.push_back({image + ".diff." + format, "diff" + end + " multi-stage.classic.tar"});
    }
  }
  return calls;
}

// What a run takes is no property of the image.
std::string WithoutTimes(std::string text) {
  const std::string key = "\"seconds\": ";
  for (std::size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
    at += key.size();
    text.replace(at, text.find_first_not_of("0123456789.e-", at) - at, "0");
  }
  return text;
}

class Golden : public ::testing::TestWithParam<Call> {};

TEST_P(Golden, OutputIsAsApproved) {
  const CommandResult result = Watertight(GetParam().arguments);
  EXPECT_EQ(result.error, "");
  // What the recorded images hold. Paths, such as app/secret.txt, are no secrets.
  EXPECT_THAT(result.output, Not(HasSubstr("supersecret")));
  EXPECT_THAT(result.output, Not(HasSubstr("\x1b"))) << "a pipe is no terminal";
  const std::string text =
      WithoutTimes(result.output) + "exit " + std::to_string(result.exit_code) + "\n";
  const std::string path = std::string(WATERTIGHT_GOLDEN) + "/" + GetParam().name + ".golden";
  if (getenv("WATERTIGHT_UPDATE_GOLDEN") != nullptr) {
    WriteFile(path, text);
    GTEST_SKIP() << path << " is written anew";
  }
  EXPECT_EQ(text, ReadFile(path));
}

std::string NameOf(const ::testing::TestParamInfo<Call>& info) {
  std::string name;
  bool upper = true;
  for (const char c : info.param.name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
      upper = true;
      continue;
    }
    name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cli, Golden, ::testing::ValuesIn(Calls()), NameOf);

}  // namespace
}  // namespace watertight::testing
