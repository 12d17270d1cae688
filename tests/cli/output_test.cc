// Where the program writes, and what it does when it cannot.

#include <gmock/gmock.h>

#include <algorithm>
#include <string>

#include "tests/cli/program.h"

namespace watertight::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(CliOutput, FullDiskIsOneLineThatNamesTheImage) {
  for (const std::string command : {"ls", "inspect", "check", "ls --format json"}) {
    const CommandResult result = Watertight(command + " env.classic.tar > /dev/full");
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_EQ(result.error,
              "watertight: env.classic.tar: standard output: No space left on device\n");
  }
}

TEST(CliOutput, ReaderThatGoesIsNoError) {
  for (const std::string command : {"ls --all", "cat --layer 0", "inspect"}) {
    const std::string path = command.starts_with("cat") ? " bin/sh" : "";
    const CommandResult result =
        Watertight(command + " env.classic.tar" + path + " 2>&1 >&3 | cat", "");
    EXPECT_THAT(result.output, ::testing::Not(HasSubstr("roken pipe")));
  }
  // The program finds the reader gone before it writes.
  const CommandResult gone = RunCommand("cd " + ShellQuoted(WATERTIGHT_RECORDED_IMAGES) +
                                        " && { sleep 0.2; " + ShellQuoted(WATERTIGHT_PROGRAM) +
                                        " ls env.classic.tar 2>&1; echo code $? >&2; } | true");
  EXPECT_EQ(gone.error, "code 0\n");
}

TEST(CliOutput, CheckKeepsItsVerdictWhenTheReaderGoes) {
  const CommandResult gone = RunCommand("cd " + ShellQuoted(WATERTIGHT_RECORDED_IMAGES) +
                                        " && { sleep 0.2; " + ShellQuoted(WATERTIGHT_PROGRAM) +
                                        " check env.classic.tar; echo code $? >&2; } | true");
  EXPECT_EQ(gone.error, "code 1\n");
  const CommandResult unopened =
      RunCommand("cd " + ShellQuoted(WATERTIGHT_RECORDED_IMAGES) + " && { sleep 0.2; " +
                 ShellQuoted(WATERTIGHT_PROGRAM) +
                 " check env.classic.tar /no/such.tar 2>/dev/null; echo code $? >&2; } | true");
  EXPECT_EQ(unopened.error, "code 2\n");
}

TEST(CliOutput, CatIsBinarySafeAndReadsFromStandardInput) {
  const CommandResult raw =
      RunCommand("cd " + ShellQuoted(WATERTIGHT_RECORDED_IMAGES) +
                 " && tar -xOf env.classic.tar --wildcards '*/layer.tar' | tar -xOf - bin/sh");
  ASSERT_THAT(raw.output, StartsWith("\x7f"
                                     "ELF"));
  EXPECT_EQ(Watertight("cat env.classic.tar /bin/sh").output, raw.output);
  const std::string archive =
      ReadFile(std::string(WATERTIGHT_RECORDED_IMAGES) + "/env.classic.tar");
  EXPECT_EQ(Watertight("cat - bin/sh", archive).output, raw.output);
}

TEST(CliOutput, CatOfALayerShowsWhatTheRootfsNoLongerHas) {
  const CommandResult deleted = Watertight("cat copy-then-delete.classic.tar app/secret.txt");
  EXPECT_EQ(deleted.exit_code, 2);
  EXPECT_EQ(
      deleted.error,
      "watertight: copy-then-delete.classic.tar: app/secret.txt is not in the rootfs; layer 1 "
      "stores it: watertight cat --layer 1 copy-then-delete.classic.tar app/secret.txt\n");
  const CommandResult stored =
      Watertight("cat --layer 1 copy-then-delete.classic.tar app/secret.txt");
  EXPECT_EQ(stored.exit_code, 0);
  EXPECT_EQ(stored.output, "supersecretfile\n");
}

TEST(CliOutput, ImageMayBeNamedLikeAnOption) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("--all"),
            ReadFile(std::string(WATERTIGHT_RECORDED_IMAGES) + "/env.classic.tar"));
  const CommandResult result = RunCommand("cd " + ShellQuoted(folder.path()) + " && " +
                                          ShellQuoted(WATERTIGHT_PROGRAM) + " ls -- --all");
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_THAT(result.output, HasSubstr("bin/sh"));
}

// CLI11 would take a word in brackets for a list.
TEST(CliOutput, WordsInBracketsStayWhole) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("[a,b]"),
            ReadFile(std::string(WATERTIGHT_RECORDED_IMAGES) + "/multi-stage.classic.tar"));
  const auto run = [&](const std::string& arguments) {
    return RunCommand("cd " + ShellQuoted(folder.path()) + " && " +
                      ShellQuoted(WATERTIGHT_PROGRAM) + " " + arguments);
  };
  EXPECT_EQ(run("check '[a,b]'").exit_code, 0);
  EXPECT_EQ(run("cat '[a,b]' /app/product").exit_code, 0);
  EXPECT_THAT(run("ls '[a,b]' '[b]i[n]'").output, HasSubstr("bin\n"));
  EXPECT_EQ(run("cat '[a,b]' '[x]'").error, "watertight: [a,b]: [x] is not in the rootfs\n");
  EXPECT_THAT(run("cat a b '[x]'").error, HasSubstr("one argument too many: [x] (see"));
}

TEST(CliOutput, TerminalGetsColoursUnlessNoColorIsSet) {
  if (!HasProgram("script")) GTEST_SKIP() << "no program script to make a terminal";
  const std::string call =
      "cd " + ShellQuoted(WATERTIGHT_RECORDED_IMAGES) + " && TERM=xterm %s script -qec " +
      ShellQuoted(ShellQuoted(WATERTIGHT_PROGRAM) + " inspect copy-then-delete.classic.tar") +
      " /dev/null";
  const auto run = [&](const std::string& variables) {
    std::string command = call;
    command.replace(command.find("%s"), 2, variables);
    return RunCommand(command).output;
  };
  // A colour, not the erased line of the progress that slow machines show.
  constexpr const char* kColour = "\x1b\\[[0-9;]*m";
  EXPECT_THAT(run("env -u NO_COLOR"), ::testing::ContainsRegex(kColour));
  EXPECT_THAT(run("env NO_COLOR=1"), ::testing::Not(::testing::ContainsRegex(kColour)));
}

TEST(CliOutput, PatternThatMatchesNothingIsSaid) {
  const CommandResult result = Watertight("ls copy-then-delete.classic.tar '*.txt'");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, "");
  EXPECT_EQ(result.error,
            "watertight: copy-then-delete.classic.tar: nothing matches in the rootfs; a layer "
            "stores what does: watertight ls --all\n");
}

TEST(CliOutput, CompletionScriptsAreValid) {
  EXPECT_EQ(Watertight("completion bash | bash -n").error, "");
  const CommandResult words = RunCommand(
      "bash -c " + ShellQuoted("source <(" + ShellQuoted(WATERTIGHT_PROGRAM) +
                               " completion bash); COMP_WORDS=(watertight ls --l); COMP_CWORD=2; "
                               "_watertight; echo \"${COMPREPLY[@]}\""));
  EXPECT_EQ(words.output, "--layer\n") << words.error;
}

// As the error for another word lists them.
TEST(CliOutput, CompletionOffersTheFormatsOfEachCommand) {
  const std::string script = Watertight("completion bash").output;
  for (const std::string command : {"inspect x", "check x", "merge x", "generate", "score"}) {
    std::string listed = Watertight(command + " --format none").error;
    listed = listed.substr(listed.find(" is ") + 4);
    listed = listed.substr(0, listed.find(','));
    std::string words;
    for (std::size_t begin = 0; begin < listed.size();) {
      const std::size_t end = std::min(listed.find(" or ", begin), listed.size());
      words += (words.empty() ? "" : " ") + listed.substr(begin, end - begin);
      begin = end + 4;
    }
    EXPECT_THAT(script, HasSubstr("*," + command.substr(0, command.find(' ')) +
                                  ",--format) COMPREPLY=($(compgen -W '" + words + "' "));
  }
}

}  // namespace
}  // namespace watertight::testing
