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

}  // namespace
}  // namespace watertight::testing
