// What `diff` finds in pairs of images that differ in one thing.

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/support/image_maker.h"

namespace watertight::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using Files = std::vector<TarFile>;

class CliDiff : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const MadeImage& image) {
    WriteFile(folder_.Path(name), MakeTar(DockerArchive(image)));
    return folder_.Path(name);
  }

  // The JSON of the difference; its exit code must fit.
  Json Diff(const MadeImage& a, const MadeImage& b, const std::string& options = "") {
    const CommandResult result =
        Watertight("diff --format json " + options + " " + ShellQuoted(Write("a.tar", a)) + " " +
                   ShellQuoted(Write("b.tar", b)));
    Json json = Json::parse(result.output);
    EXPECT_EQ(result.exit_code, json["equal"] == true ? 0 : 1) << result.error;
    return json;
  }

  Json FilesOf(const Files& a, const Files& b) {
    return Diff(MakeImage({a}), MakeImage({b}))["files"];
  }

  TemporaryFolder folder_;
};

TEST_F(CliDiff, SameImageDoesNotDiffer) {
  const MadeImage image = MakeImage({{{"a", '0', "one"}}});
  EXPECT_EQ(Diff(image, image)["equal"], true);
}

TEST_F(CliDiff, FilesAreAddedRemovedAndChanged) {
  const Json files = FilesOf({{"a", '0', "one"}, {"b", '0', "two"}, {"d", '0', "same"}},
                             {{"b", '0', "three"}, {"c", '0', "new"}, {"d", '0', "same"}});
  ASSERT_EQ(files.size(), 3U) << files;
  EXPECT_EQ(files[0]["path"], "a");
  EXPECT_EQ(files[0]["change"], "removed");
  EXPECT_EQ(files[0]["b"], nullptr);
  EXPECT_EQ(files[1]["path"], "b");
  EXPECT_EQ(files[1]["attributes"], Json({"size", "content"}));
  EXPECT_EQ(files[1]["a"]["size"], 3);
  EXPECT_EQ(files[1]["b"]["size"], 5);
  EXPECT_EQ(files[2]["path"], "c");
  EXPECT_EQ(files[2]["change"], "added");
}

TEST_F(CliDiff, ContentOfTheSameSizeIsCompared) {
  const Json files = FilesOf({{"a", '0', "one"}}, {{"a", '0', "two"}});
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0]["attributes"], Json::array({"content"}));
}

// Each compressed layer is read once for all of its files.
TEST_F(CliDiff, FilesOfCompressedLayersAreCompared) {
  const std::string large(700'000, 'l');
  Files files = {{"top", '0', "1"},     {"large", '0', large}, {"h", '1', "", "large"},
                 {"none", '0', ""},     {"x", '0', "x"},       {"deep/one", '0', large + "1"},
                 {"deep/two", '0', "2"}};
  MadeImage a = MakeImage({files});
  files[0].content = "2";
  files[5].content.back() = '9';
  MadeImage b = MakeImage({files});
  for (MadeImage* image : {&a, &b}) image->layers[0] = Compressed(image->layers[0], "gzip");
  const Json found = Diff(a, b)["files"];
  ASSERT_EQ(found.size(), 2U) << found;
  EXPECT_EQ(found[0]["path"], "deep/one");
  EXPECT_EQ(found[0]["attributes"], Json::array({"content"}));
  EXPECT_EQ(found[1]["path"], "top");
}

TEST_F(CliDiff, AttributesAreNamed) {
  const Json files = FilesOf({{"l", '2', "", "x"}, {"m", '0', "x", "", 0644}, {"t", '0', "x"}},
                             {{"l", '2', "", "y"}, {"m", '0', "x", "", 04755}, {"t/", '5'}});
  ASSERT_EQ(files.size(), 3U) << files;
  EXPECT_EQ(files[0]["attributes"], Json::array({"link"}));
  EXPECT_EQ(files[1]["attributes"], Json::array({"mode"}));
  EXPECT_EQ(files[1]["b"]["mode"], "4755");
  EXPECT_EQ(files[2]["attributes"][0], "type");
}

// The rootfs counts, not how it came about.
TEST_F(CliDiff, SameFilesInOtherLayersAreNoDifferenceOfFiles) {
  const Json json = Diff(MakeImage({{{"a", '0', "one"}}, {{"b", '0', "two"}}}),
                         MakeImage({{{"b", '0', "two"}, {"x", '0', "gone"}},
                                    {{"a", '0', "one"}, {".wh.x", '0', ""}}}));
  EXPECT_EQ(json["files"], Json::array());
  EXPECT_EQ(json["layers"]["shared"], 0);
  EXPECT_EQ(json["layers"]["a"].size(), 2U);
  EXPECT_EQ(json["equal"], false);
}

TEST_F(CliDiff, ConfigIsComparedByFieldAndEnvByName) {
  MadeImage a = MakeImage({{{"a", '0', "one"}}});
  MadeImage b = a;
  a.config["config"] = {{"Env", {"A=1", "B=2"}}, {"User", ""}, {"Cmd", {"x"}}};
  b.config["config"] = {{"Env", {"B=2", "A=3"}}, {"Cmd", {"x"}}, {"Labels", {{"l.m", "v"}}}};
  const Json fields = Diff(a, b)["config"];
  ASSERT_EQ(fields.size(), 2U) << fields;
  EXPECT_EQ(fields[0],
            Json({{"field", "config.Env.A"}, {"change", "changed"}, {"a", "1"}, {"b", "3"}}));
  EXPECT_EQ(fields[1]["field"], "config.Labels[\"l.m\"]");
  EXPECT_EQ(fields[1]["change"], "added");
}

TEST_F(CliDiff, SecretsDifferByTheirFingerprints) {
  MadeImage a = MakeImage({{{"a", '0', "one"}}});
  MadeImage b = a;
  a.config["config"] = {{"Env", {"API_TOKEN=plantedvalue-one"}}};
  b.config["config"] = {{"Env", {"API_TOKEN=plantedvalue-two"}}};
  const Json json = Diff(a, b);
  ASSERT_EQ(json["config"].size(), 1U);
  EXPECT_EQ(json["config"][0]["change"], "changed");
  EXPECT_THAT(json.dump(), Not(HasSubstr("plantedvalue")));
  EXPECT_NE(json["config"][0]["a"], json["config"][0]["b"]);
}

TEST_F(CliDiff, NamesThatRepeatASecretAreRedacted) {
  const std::string secret = "plantedvalue-" + std::to_string(4711);
  MadeImage a = MakeImage({{{"a", '0', "one"}}});
  const MadeImage b = a;
  a.config["config"] = {{"Env", {"API_TOKEN=" + secret}},
                        {"Labels", {{"plain", "x"}, {"of " + secret, "y"}}},
                        {"Volumes", {{"/" + secret, Json::object()}}}};
  EXPECT_THAT(Diff(a, b).dump(), Not(HasSubstr(secret)));
  const std::string path = ShellQuoted(Write("a.tar", a));
  for (const std::string command : {"inspect", "inspect --format json", "check --format json"}) {
    const CommandResult result = Watertight(command + " " + path);
    EXPECT_THAT(result.output, Not(HasSubstr(secret))) << command;
    EXPECT_THAT(result.output, HasSubstr("API_TOKEN")) << command;
  }
  const Json config = Json::parse(Watertight("inspect --format json " + path).output)["config"];
  EXPECT_EQ(config["Labels"].size(), 2U);
  EXPECT_EQ(config["Labels"]["plain"], "x");
  EXPECT_EQ(config["Volumes"].size(), 1U);
}

TEST_F(CliDiff, TimesCanBeIgnored) {
  MadeImage a = MakeImage({{{"a", '0', "one"}}});
  MadeImage b = a;
  a.config["created"] = "2022-03-07T08:51:00Z";
  b.config["created"] = "2022-03-08T08:51:00Z";
  EXPECT_EQ(Diff(a, b)["equal"], false);
  EXPECT_EQ(Diff(a, b, "--ignore-times")["equal"], true);
}

class CliCat : public CliDiff {
 protected:
  CommandResult Cat(const std::string& arguments) {
    const MadeImage image = MakeImage({{{"d/", '5'},
                                        {"d/file", '0', "bytes\n"},
                                        {"hard", '1', "", "d/file"},
                                        {"soft", '2', "", "/d/file"},
                                        {"up", '2', "", "../../d"},
                                        {"loop", '2', "", "loop"}},
                                       {{"d/hard2", '1', "", "d/file"}, {".wh.soft", '0', ""}}});
    const std::string path = ShellQuoted(Write("cat.tar", image));
    return Watertight("cat " + path + " " + arguments);
  }
};

TEST_F(CliCat, FollowsLinksInsideTheRoot) {
  EXPECT_EQ(Cat("up/file").output, "bytes\n");
  EXPECT_EQ(Cat("/up/../d/./file").output, "bytes\n");
  EXPECT_EQ(Cat("hard").output, "bytes\n");
  EXPECT_EQ(Cat("d/hard2").output, "bytes\n");
}

TEST_F(CliCat, LayerGivesWhatItStores) {
  EXPECT_EQ(Cat("--layer 0 hard").output, "bytes\n");
  EXPECT_THAT(Cat("--layer 0 soft").error, HasSubstr("soft is a symlink to /d/file"));
  EXPECT_THAT(Cat("--layer 1 soft").error, HasSubstr("soft is a whiteout: layer 1 deletes it"));
  EXPECT_THAT(Cat("--layer 1 d/file").error,
              HasSubstr("d/file is not in layer 1; layer 0 stores it: watertight cat --layer 0 "));
  EXPECT_THAT(
      Cat("--layer 1 d/hard2").error,
      HasSubstr("d/hard2 is a hard link to d/file, which is not in layer 1; layer 0 stores"));
}

TEST_F(CliCat, WhatIsNoFileIsRefused) {
  for (const std::string path : {"d", "loop", "soft", "nothing", "d/file/more"}) {
    const CommandResult result = Cat(path);
    EXPECT_EQ(result.exit_code, 2) << path;
    EXPECT_EQ(result.output, "") << path;
    EXPECT_TRUE(IsOneLine(result.error)) << result.error;
    EXPECT_THAT(result.error, HasSubstr(": " + path + " is ")) << path;
  }
}

}  // namespace
}  // namespace watertight::testing
