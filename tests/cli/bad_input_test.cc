// What cannot be done: exit 2, nothing on standard output, and exactly one line that names the
// archive.

#include <gmock/gmock.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/support/image_maker.h"

namespace watertight::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kCommands[] = {"inspect",
                                     "ls",
                                     "ls --all --format json",
                                     "inspect --format json",
                                     "check",
                                     "check --format json"};

void ExpectRefused(const std::string& path, const std::string& cause) {
  std::vector<std::string> calls;
  for (const std::string command : kCommands) calls.push_back(command + " " + ShellQuoted(path));
  calls.push_back("cat " + ShellQuoted(path) + " a");
  calls.push_back("diff " + ShellQuoted(path) + " env.classic.tar");
  calls.push_back("diff env.classic.tar " + ShellQuoted(path));
  for (const std::string& call : calls) {
    const CommandResult result = Watertight(call);
    EXPECT_EQ(result.exit_code, 2) << call;
    EXPECT_EQ(result.output, "") << call;
    EXPECT_TRUE(IsOneLine(result.error)) << call << "\n" << result.error;
    EXPECT_THAT(result.error, HasSubstr(path)) << call;
    EXPECT_THAT(result.error, HasSubstr(cause)) << call;
  }
}

MadeImage SmallImage() { return MakeImage({{{"a", '0', "one"}}, {{"b", '0', "two"}}}); }

TEST(CliBadInput, NoSuchFile) { ExpectRefused("/no/such/image.tar", "No such file"); }

TEST(CliBadInput, EmptyFile) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("empty.tar"), "");
  ExpectRefused(folder.Path("empty.tar"), "empty");
}

TEST(CliBadInput, FileThatIsNoImage) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("text.tar"), "no image at all\n");
  ExpectRefused(folder.Path("text.tar"), "");
}

TEST(CliBadInput, TarThatIsNoImage) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("plain.tar"), MakeTar({{"a", '0', "one"}}));
  ExpectRefused(folder.Path("plain.tar"), "manifest.json");
}

TEST(CliBadInput, FolderThatIsNoLayout) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder.Path("folder"));
  ExpectRefused(folder.Path("folder"), "");
}

TEST(CliBadInput, TruncatedArchive) {
  const TemporaryFolder folder;
  std::string archive = MakeTar(DockerArchive(SmallImage()));
  archive.resize(700);
  WriteFile(folder.Path("cut.tar"), archive);
  ExpectRefused(folder.Path("cut.tar"), "");
}

TEST(CliBadInput, BrokenJson) {
  const TemporaryFolder folder;
  WriteFile(folder.Path("json.tar"), MakeTar({{"manifest.json", '0', "[{\"Config\": "}}));
  ExpectRefused(folder.Path("json.tar"), "manifest.json");
}

TEST(CliBadInput, MissingLayer) {
  const TemporaryFolder folder;
  const MadeImage image = SmallImage();
  std::vector<TarFile> files = DockerArchive(image);
  std::erase_if(files, [&](const TarFile& file) {
    return file.name.find(image.diff_ids[1].substr(7)) != std::string::npos;
  });
  WriteFile(folder.Path("missing.tar"), MakeTar(files));
  ExpectRefused(folder.Path("missing.tar"), "layer 1");
}

TEST(CliBadInput, DiffIdsOfAnotherNumber) {
  const TemporaryFolder folder;
  MadeImage image = SmallImage();
  image.config["rootfs"]["diff_ids"].erase(1);
  WriteFile(folder.Path("short.tar"), MakeTar(DockerArchive(image)));
  ExpectRefused(folder.Path("short.tar"), "diff_ids");
}

// Opens, but a layer cannot be read: what shows files cannot do it, and the checks fail.
TEST(CliBadInput, TruncatedLayer) {
  const TemporaryFolder folder;
  MadeImage image = SmallImage();
  image.layers[1] = MakeTar({{"b", '0', std::string(4000, 'b')}}).substr(0, 1024);
  image.Seal();
  const std::string path = folder.Path("layer.tar");
  WriteFile(path, MakeTar(DockerArchive(image)));
  for (const std::string command : {"inspect", "ls", "ls --all", "inspect --format json"}) {
    const CommandResult result = Watertight(command + " " + ShellQuoted(path));
    EXPECT_EQ(result.exit_code, 2) << command;
    EXPECT_EQ(result.output, "") << command;
    EXPECT_TRUE(IsOneLine(result.error)) << result.error;
    EXPECT_THAT(result.error, HasSubstr("layer.tar: layer 1")) << command;
  }
  const CommandResult checked = Watertight("check --format json " + ShellQuoted(path));
  EXPECT_EQ(checked.exit_code, 1) << checked.error;
  EXPECT_EQ(checked.error, "");
  const Json json = Json::parse(checked.output);
  EXPECT_EQ(json["tests"][0]["status"], "failed");
  EXPECT_EQ(json["tests"][1]["name"], "NoLeakedFile");
  EXPECT_EQ(json["tests"][1]["status"], "failed");
}

TEST(CliBadInput, OneOfSeveralImagesCannotBeOpened) {
  const CommandResult result =
      Watertight("check multi-stage.classic.tar /no/such.tar env.classic.tar /nor/this.tar");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.output, HasSubstr("multi-stage.classic.tar"));
  EXPECT_THAT(result.output, HasSubstr("2 of 10 checks failed in 2 images"));
  EXPECT_TRUE(IsOneLine(result.error)) << result.error;
  EXPECT_THAT(result.error, HasSubstr("/no/such.tar"));
  EXPECT_THAT(result.error, HasSubstr("/nor/this.tar"));
}

struct Misuse {
  const char* arguments;
  const char* says;
};
constexpr Misuse kMisuses[] = {
    {"", "a command is missing (see watertight --help)"},
    {"inspekt env.classic.tar", "the command inspekt is unknown; did you mean inspect?"},
    {"frobnicate", "the command frobnicate is unknown (see"},
    {"--verison", "the option --verison is unknown; did you mean --version?"},
    {"ls", "ls: IMAGE is required"},
    {"ls --laier 1 env.classic.tar", "ls: the option --laier is unknown; did you mean --layer?"},
    {"ls --layer x env.classic.tar", "is the number of a layer, not x"},
    {"ls --layer -1 env.classic.tar", "--layer"},
    {"ls --layer 7 env.classic.tar", "env.classic.tar: there is no layer 7"},
    {"ls --layer 0 --all env.classic.tar", "--layer"},
    {"ls --format xml env.classic.tar", "is text or json, not xml"},
    {"ls env.classic.tar '['", "["},
    {"cat env.classic.tar", "cat: PATH is required"},
    {"cat env.classic.tar bin/sh more", "cat: one argument too many: more"},
    {"cat env.classic.tar bin", "env.classic.tar: bin is a directory"},
    {"cat env.classic.tar /", "env.classic.tar: / is a directory"},
    {"cat env.classic.tar nothing", "env.classic.tar: nothing is not in the rootfs"},
    {"cat --layer 2 copy-then-delete.classic.tar app/secret.txt", "is a whiteout: layer 2 deletes"},
    {"inspect - -", "inspect: one argument too many: -"},
    {"diff - -", "-: is standard input, which can be one of two images only"},
    {"completion ksh", "ksh"},
    {"inspect --platform plan9/mips env.classic.tar", "env.classic.tar"},
    {"ls docker-daemon:", "docker-daemon:: behind docker-daemon: the name of an image is expected"},
    {"ls docker:app:ci", "docker:app:ci: behind docker:// the name of an image is expected"},
    {"ls app:ci",
     "app:ci: is no file or folder; for an image of the Docker daemon write "
     "docker-daemon:app:ci"},
};

class CliMisuse : public ::testing::TestWithParam<Misuse> {};

TEST_P(CliMisuse, IsOneLineAndExit2) {
  const CommandResult result = Watertight(GetParam().arguments);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.output, "");
  EXPECT_TRUE(IsOneLine(result.error)) << result.error;
  EXPECT_THAT(result.error, ::testing::StartsWith("watertight: "));
  EXPECT_THAT(result.error, HasSubstr(GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(Cli, CliMisuse, ::testing::ValuesIn(kMisuses));

}  // namespace
}  // namespace watertight::testing
