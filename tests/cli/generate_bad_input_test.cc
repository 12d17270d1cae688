// What generate cannot do: exit 2, nothing on standard output, exactly one line that says why, the
// old output as it was, and nothing left beside it.

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace watertight::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A context with a Dockerfile, and an archive of before.
class GenerateBadInput : public ::testing::Test {
 protected:
  GenerateBadInput() {
    std::filesystem::create_directory(Path("context"));
    WriteFile(Path("context/file"), std::string(5000, 'x'));
    WriteFile(Path("context/Dockerfile"), "FROM scratch\nCOPY file /\n");
    WriteFile(Path("app.tar"), "the old one");
  }

  std::string Path(const std::string& name) const { return folder_.Path(name); }

  void SetDockerfile(const std::string& text) { WriteFile(Path("context/Dockerfile"), text); }

  std::vector<std::string> Files() const {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    return paths;
  }

  // `before`: of the shell, in front of the program.
  CommandResult Run(const std::string& arguments, const std::string& before = "") const {
    return RunCommand("cd " + ShellQuoted(folder_.path()) + " && " + before + " " +
                      ShellQuoted(WATERTIGHT_PROGRAM) + " generate " + arguments);
  }

  // Returns the line.
  std::string Refused(const std::string& arguments, const std::string& before = "") const {
    const std::vector<std::string> files = Files();
    const CommandResult result = Run(arguments, before);
    EXPECT_EQ(result.exit_code, 2) << arguments << "\n" << result.error;
    EXPECT_EQ(result.output, "") << arguments;
    EXPECT_TRUE(IsOneLine(result.error)) << arguments << "\n" << result.error;
    EXPECT_TRUE(ReadFile(Path("app.tar")) == "the old one") << arguments;
    EXPECT_EQ(Files(), files) << arguments;
    return result.error;
  }

  std::string RefusedBuild(const std::string& more = "") const {
    return Refused("--context context -o app.tar " + more);
  }

  TemporaryFolder folder_;
};

TEST_F(GenerateBadInput, InvalidDockerfiles) {
  struct Case {
    const char* text;
    const char* line;
  };
  constexpr Case kCases[] = {
      {"", "context/Dockerfile: "},
      {"# nothing but this\n", "context/Dockerfile:1: "},
      {"COPY file /\n", "context/Dockerfile:1: "},
      {"FROM scratch\nCOPPY file /\n", "context/Dockerfile:2: "},
      {"FROM scratch\n\nCOPY file\n", "context/Dockerfile:3: "},
      {"FROM scratch\nCOPY --chwon=1 file /\n", "context/Dockerfile:2: "},
      {"FROM scratch\nRUN <<EOF\nnever ends\n", "context/Dockerfile:2: "},
      {"FROM scratch\nENV a\n", "context/Dockerfile:2: "},
      {"FROM scratch\nCOPY file \\\n  /a\nEXPOSE x\n", "context/Dockerfile:4: "},
  };
  for (const Case& each : kCases) {
    SetDockerfile(each.text);
    EXPECT_THAT(RefusedBuild(), StartsWith(each.line)) << each.text;
  }
}

TEST_F(GenerateBadInput, FilesThatTheContextHasNot) {
  SetDockerfile("FROM scratch\nCOPY missing /\n");
  EXPECT_THAT(RefusedBuild(), HasSubstr("missing"));
  SetDockerfile("FROM scratch\nCOPY file /\nCOPY ../app.tar /\n");
  EXPECT_THAT(RefusedBuild(), StartsWith("context/Dockerfile:3: "));
  std::filesystem::create_symlink(Path("app.tar"), Path("context/out"));
  SetDockerfile("FROM scratch\nCOPY out/x /\n");
  EXPECT_THAT(RefusedBuild(), StartsWith("context/Dockerfile:2: "));
}

TEST_F(GenerateBadInput, Stages) {
  SetDockerfile("FROM scratch AS a\nCOPY --from=b file /\nFROM scratch AS b\nCOPY --from=a f /\n");
  EXPECT_THAT(RefusedBuild(), StartsWith("context/Dockerfile:"));
  SetDockerfile("FROM scratch AS a\nCOPY --from=a file /\n");
  EXPECT_THAT(RefusedBuild(), HasSubstr("a"));
  SetDockerfile("FROM scratch\nCOPY --from=nowhere file /\n");
  EXPECT_THAT(RefusedBuild(), StartsWith("context/Dockerfile:2: "));
  SetDockerfile("FROM scratch AS builder\nCOPY file /\n");
  EXPECT_THAT(RefusedBuild("--target bilder"), HasSubstr("bilder"));
}

TEST_F(GenerateBadInput, UnknownImage) {
  SetDockerfile("FROM registry.example/unknown:1\n");
  EXPECT_THAT(RefusedBuild(), HasSubstr("registry.example/unknown:1"));
}

TEST_F(GenerateBadInput, CommandThatIsNotModelled) {
  SetDockerfile("FROM alpine\n\nRUN apk add curl\n");
  EXPECT_THAT(RefusedBuild(), StartsWith("context/Dockerfile:3: "));
}

TEST_F(GenerateBadInput, UnknownNamesListAll) {
  EXPECT_THAT(RefusedBuild("--builder docker"),
              ::testing::AllOf(HasSubstr("docker"), HasSubstr("classic-20.10"),
                               HasSubstr("buildah-1.28-layers")));
  EXPECT_THAT(RefusedBuild("--archive tar"),
              ::testing::AllOf(HasSubstr("tar"), HasSubstr("docker-20"), HasSubstr("oci-dir")));
  EXPECT_THAT(RefusedBuild("--compression xz"), HasSubstr("zstd"));
  EXPECT_THAT(RefusedBuild("--buidler docker"), HasSubstr("--builder"));
}

TEST_F(GenerateBadInput, MissingArguments) {
  EXPECT_THAT(Refused(""), HasSubstr("--dockerfile"));
  EXPECT_THAT(Refused("--context context"), HasSubstr("--output"));
  EXPECT_THAT(Refused("--context context -o ''"), HasSubstr("--output"));
}

TEST_F(GenerateBadInput, MissingInputs) {
  EXPECT_THAT(Refused("--context nowhere -o app.tar"), HasSubstr("nowhere"));
  EXPECT_THAT(Refused("-f nowhere/Dockerfile -o app.tar"), HasSubstr("nowhere/Dockerfile"));
  EXPECT_THAT(Refused("-f context -o app.tar"), HasSubstr("context"));
  EXPECT_THAT(Refused("-f context/Dockerfile --context context/file -o app.tar"),
              HasSubstr("context/file"));
}

TEST_F(GenerateBadInput, OutputThatCannotBeWritten) {
  std::filesystem::create_directory(Path("folder"));
  EXPECT_THAT(Refused("--context context -o folder"), HasSubstr("folder: is a folder"));
  EXPECT_THAT(Refused("--context context -o /dev/full"), HasSubstr("/dev/full"));
  EXPECT_THAT(Refused("--context context -o nowhere/app.tar"), HasSubstr("nowhere/app.tar"));
  EXPECT_THAT(Refused("--context context -o context/file/app.tar"),
              HasSubstr("context/file/app.tar"));
}

TEST_F(GenerateBadInput, LayoutOverSomethingElse) {
  EXPECT_THAT(RefusedBuild("--archive oci-dir"), HasSubstr("app.tar: is no folder"));
  EXPECT_THAT(Refused("--context context --archive oci-dir -o context"),
              HasSubstr("context: is neither empty nor an OCI layout"));
  EXPECT_THAT(Refused("--context context --archive oci-dir -o nowhere/layout"),
              HasSubstr("nowhere/layout"));
}

TEST_F(GenerateBadInput, FullDisk) {
  EXPECT_THAT(Refused("--context context -o app.tar", "ulimit -f 4;"),
              HasSubstr("app.tar: File too large"));
  EXPECT_THAT(
      Refused("--context context --archive oci-dir --compression none -o layout", "ulimit -f 4;"),
      HasSubstr("File too large"));
  EXPECT_THAT(Refused("--context context -o - >/dev/full"), HasSubstr("No space left"));
}

// Root may read and write everything, so it becomes somebody else.
TEST_F(GenerateBadInput, WithoutPermission) {
  std::string become;
  if (geteuid() == 0) {
    if (!HasProgram("setpriv")) GTEST_SKIP() << "root needs setpriv to be somebody else";
    become = "setpriv --reuid=65534 --clear-groups";
    ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
    const std::string program = ShellQuoted(WATERTIGHT_PROGRAM);
    if (RunCommand(become + " " + program + " --version").exit_code != 0) {
      GTEST_SKIP() << program << " is in a folder that only root may enter";
    }
  } else {
    ASSERT_EQ(chmod(folder_.path().c_str(), 0555), 0);
  }
  EXPECT_THAT(Refused("--context context -o app.tar", become), HasSubstr("app.tar: Permission"));
  EXPECT_THAT(Refused("--context context -o new.tar", become), HasSubstr("new.tar: Permission"));
  ASSERT_EQ(chmod(Path("context/file").c_str(), 0), 0);
  EXPECT_THAT(Refused("--context context -o app.tar", become),
              HasSubstr("context/file: permission denied"));
  ASSERT_EQ(chmod(Path("context/Dockerfile").c_str(), 0), 0);
  EXPECT_THAT(Refused("--context context -o app.tar", become),
              HasSubstr("context/Dockerfile: permission denied"));
  ASSERT_EQ(chmod(folder_.path().c_str(), 0755), 0);
}

TEST_F(GenerateBadInput, BrokenBase) {
  SetDockerfile("FROM node\nCOPY file /\n");
  EXPECT_THAT(RefusedBuild("--base node=nowhere.tar"), HasSubstr("nowhere.tar"));
  EXPECT_THAT(RefusedBuild("--base node=app.tar"), HasSubstr("app.tar"));
  SetDockerfile("FROM scratch\nCOPY file /\n");
  EXPECT_THAT(RefusedBuild("--base node=nowhere.tar"), HasSubstr("nowhere.tar"));
  EXPECT_THAT(RefusedBuild("--base node"), HasSubstr("NAME=IMAGE"));
  EXPECT_THAT(RefusedBuild("--base =app.tar"), HasSubstr("NAME=IMAGE"));
  EXPECT_THAT(RefusedBuild("--base a=x --base a:latest=y"), HasSubstr("given already"));
}

TEST_F(GenerateBadInput, OutputThatReplacesWhatIsReadOrWritten) {
  const std::string text = ReadFile(Path("context/Dockerfile"));
  EXPECT_THAT(Refused("--context context -o context/Dockerfile"),
              HasSubstr("--output would replace the Dockerfile"));
  EXPECT_THAT(Refused("--context context -o context/../context/Dockerfile"),
              HasSubstr("--output would replace the Dockerfile"));
  EXPECT_THAT(RefusedBuild("--truth context/Dockerfile"),
              HasSubstr("--truth would replace the Dockerfile"));
  EXPECT_THAT(RefusedBuild("--truth ./app.tar"), HasSubstr("--truth would replace the archive"));
  EXPECT_THAT(Refused("--context context -o new --truth ./new"),
              HasSubstr("--truth would replace the archive"));
  EXPECT_EQ(ReadFile(Path("context/Dockerfile")), text);
}

TEST_F(GenerateBadInput, AddOfWhatIsNotInTheContext) {
  SetDockerfile("FROM scratch\nADD https://example.com/x /\n");
  EXPECT_THAT(RefusedBuild(), HasSubstr("nothing is downloaded"));
  SetDockerfile("FROM scratch\nADD https://example.com/x.git /\n");
  EXPECT_THAT(RefusedBuild(), HasSubstr("git repository"));
}

TEST_F(GenerateBadInput, MalformedOptions) {
  EXPECT_THAT(RefusedBuild("--build-arg =value"), HasSubstr("--build-arg"));
  EXPECT_THAT(RefusedBuild("--build-arg ''"), HasSubstr("--build-arg"));
  EXPECT_THAT(RefusedBuild("--secret src=file"), HasSubstr("--secret"));
  EXPECT_THAT(RefusedBuild("--secret id=a,sorce=file"), HasSubstr("sorce"));
  EXPECT_THAT(RefusedBuild("--secret id=a,src=nowhere"), HasSubstr("nowhere"));
  EXPECT_THAT(RefusedBuild("--secret id=a,env=WATERTIGHT_TEST_UNSET"),
              HasSubstr("WATERTIGHT_TEST_UNSET"));
  EXPECT_THAT(RefusedBuild("--secret id=a,src=context"), HasSubstr("context"));
  EXPECT_THAT(RefusedBuild("--platform linux/"), HasSubstr("--platform"));
  EXPECT_THAT(RefusedBuild("--platform a/b/c/d"), HasSubstr("--platform"));
  EXPECT_THAT(RefusedBuild("--tag ''"), HasSubstr("--tag"));
  EXPECT_THAT(RefusedBuild("--tag UPPER:ci"), HasSubstr("UPPER:ci"));
  EXPECT_THAT(RefusedBuild("--tag 'app:a b'"), HasSubstr("app:a b"));
}

TEST_F(GenerateBadInput, MalformedClock) {
  for (const std::string value :
       {"yesterday", "-1", "1.5", "10s", " 10", "99999999999999999999", "0x10"}) {
    EXPECT_THAT(Refused("--context context -o app.tar", "SOURCE_DATE_EPOCH=" + ShellQuoted(value)),
                HasSubstr("SOURCE_DATE_EPOCH"))
        << value;
  }
}

TEST_F(GenerateBadInput, ControlCharactersAreEscaped) {
  SetDockerfile("FROM scratch\nCOPY a\x1b(31m /\n");
  EXPECT_THAT(RefusedBuild(), ::testing::Not(HasSubstr("\x1b")));
}

// The counterpart: what the others do not reach.
TEST_F(GenerateBadInput, TheOldFileIsReplacedOtherwise) {
  const CommandResult result = Run("--context context -o app.tar");
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(result.error, "");
  EXPECT_GT(std::filesystem::file_size(Path("app.tar")), 5000);
}

}  // namespace
}  // namespace watertight::testing
