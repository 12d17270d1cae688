// What `check` tells of images that are made for one question each.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/support/image_maker.h"

namespace watertight::testing {
namespace {

// The same findings, whether a layer's files are read one by one or in one pass.
TEST(CliCheck, FilesOfCompressedLayersAreFoundAsOfPlainOnes) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("app.tar");
  MadeImage image = MakeImage({{{"a/.npmrc", '0', "one-" + std::string(300'000, 'n')},
                                {"b", '0', std::string(600'000, 'b')},
                                {"c/.npmrc", '0', "two"},
                                {"c/.netrc", '0', ""},
                                {"d/.npmrc", '1', "", "c/.npmrc"}}});
  const auto findings = [&] {
    WriteFile(path, MakeTar(DockerArchive(image)));
    const CommandResult result = Watertight("check --format json " + ShellQuoted(path));
    EXPECT_EQ(result.exit_code, 1) << result.error;
    std::vector<std::string> texts;
    const Json json = Json::parse(result.output);
    for (const Json& finding : json["findings"]) {
      texts.push_back(finding["path"].dump() + finding["redacted"].dump());
    }
    return texts;
  };
  const std::vector<std::string> plain = findings();
  ASSERT_EQ(plain.size(), 4U);
  image.layers[0] = Compressed(image.layers[0], "gzip");
  EXPECT_EQ(findings(), plain);
}

// A stream that ends too early: what comes before its end is searched, and the rest is told.
TEST(CliCheck, TellsOfPartsThatWereNotSearched) {
  const TemporaryFolder folder;
  const std::string path = folder.Path("app.tar");
  const std::string gzip = Compressed(std::string(5000, 'a') + "b\n", "gzip");
  WriteFile(
      path,
      MakeTar(DockerArchive(MakeImage({{{"srv/dump.gz", '0', gzip.substr(0, gzip.size() - 9)}}}))));
  const CommandResult text = Watertight("check " + ShellQuoted(path));
  EXPECT_EQ(text.exit_code, 0) << text.error;
  EXPECT_NE(text.output.find("\n  ok    NoSecrets     1 part not searched or not listed\n"),
            std::string::npos)
      << text.output;
  const Json json = Json::parse(Watertight("check --format json " + ShellQuoted(path)).output);
  ASSERT_EQ(json["notes"].size(), 1U) << json["notes"].dump();
  EXPECT_EQ(json["notes"][0]["code"], "unsearched-part");
  EXPECT_EQ(json["notes"][0]["path"], "srv/dump.gz");
  EXPECT_EQ(json["notes"][0]["layer"], 0);
  EXPECT_EQ(json["notes"][0]["image"], path);
}

// The history has it, and no other place.
TEST(CliCheck, TellsASecretOfTheHistoryOnce) {
  const TemporaryFolder folder;
  const std::string dockerfile = folder.Path("Dockerfile");
  const std::string path = folder.Path("app.tar");
  WriteFile(dockerfile, "FROM scratch\nARG API_TOKEN=q8Wdg3Kd92jfH\nCOPY Dockerfile /srv/\n");
  WriteFile(folder.Path(".dockerignore"), "");
  ASSERT_EQ(Watertight("generate --dockerfile " + ShellQuoted(dockerfile) + " --context " +
                       ShellQuoted(folder.Path("")) + " --output " + ShellQuoted(path))
                .exit_code,
            0);
  const std::string output = Watertight("check " + ShellQuoted(path)).output;
  EXPECT_NE(output.find("  FAIL  NoSecrets     "), std::string::npos) << output;
  EXPECT_NE(output.find("Beside these there is what HistoryClean tells."), std::string::npos)
      << output;
}

}  // namespace
}  // namespace watertight::testing
