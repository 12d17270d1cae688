// Names and texts that drive a terminal or break a parser, planted everywhere in one image.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/support/image_maker.h"

namespace watertight::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kHostile[] = "x\x1b[31m\r\n\tq\"\\\xe2\x80\xae\x7f";

std::string HostileImage(const TemporaryFolder& folder) {
  const std::string name = kHostile;
  MadeImage image = MakeImage({{{"d/", '5'},
                                {"d/" + name, '0', "one"},
                                {"d/caf\xe9", '0', "two"},
                                {"d/link", '2', "", name + "\xe9"}},
                               {{"d/.wh." + name, '0', ""}}});
  image.config["author"] = name;
  image.config["created"] = name;
  image.config["os"] = name;
  image.config["config"] = {{"User", name},
                            {"Env", {name + "=" + name}},
                            {"Labels", {{name, name}}},
                            {"Cmd", {name}},
                            {"ExposedPorts", {{name, Json::object()}}}};
  image.Seal();
  for (Json& step : image.config["history"]) {
    step["created_by"] = name;
    step["comment"] = name;
    step["author"] = name;
  }
  const std::string path = folder.Path("image\x1b[2J.tar");
  WriteFile(path, MakeTar(DockerArchive(image, {"made:v1"})));
  return path;
}

bool IsForATerminal(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 ? byte != 0x7f : c == '\n';
  });
}

TEST(CliHostile, TextHoldsNoControlCharacters) {
  const TemporaryFolder folder;
  const std::string path = ShellQuoted(HostileImage(folder));
  for (const std::string& arguments :
       {"inspect " + path, "ls " + path, "ls --all " + path, "ls --layer 1 " + path,
        "check " + path, "diff " + path + " env.classic.tar", "cat " + path + " d/link",
        "cat " + path + " $'d/x\\x1b[31m'"}) {
    const CommandResult result = Watertight(arguments);
    EXPECT_TRUE(IsForATerminal(result.output + result.error)) << arguments << result.output;
    EXPECT_THAT(result.output + result.error, Not(HasSubstr("\xe2\x80\xae"))) << arguments;
    EXPECT_FALSE((result.output + result.error).empty()) << arguments;
  }
}

TEST(CliHostile, JsonIsValidAndExact) {
  const TemporaryFolder folder;
  const std::string path = ShellQuoted(HostileImage(folder));
  const Json inspected = Json::parse(Watertight("inspect --format json " + path).output);
  EXPECT_EQ(inspected["config"]["User"], kHostile);
  EXPECT_EQ(inspected["history"][0]["created_by"], kHostile);
  EXPECT_EQ(inspected["image"]["created"], kHostile);
  EXPECT_TRUE(Json::accept(Watertight("check --format json " + path).output));
  EXPECT_TRUE(Json::accept(Watertight("diff --format json " + path + " env.classic.tar").output));
}

TEST(CliHostile, BytesThatAreNoUtf8StandBesideInBase64) {
  const TemporaryFolder folder;
  const std::string path = ShellQuoted(HostileImage(folder));
  const std::string lines = Watertight("ls --format json " + path).output;
  std::vector<Json> rows;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    rows.push_back(Json::parse(lines.substr(at, end - at)));
    at = end + 1;
  }
  ASSERT_EQ(rows.size(), 3U) << lines;
  EXPECT_EQ(rows[1]["path"], "d/caf\xef\xbf\xbd");
  EXPECT_EQ(rows[1]["path_base64"], "ZC9jYWbp");
  EXPECT_EQ(rows[2]["link"], std::string(kHostile) + "\xef\xbf\xbd");
  EXPECT_TRUE(rows[2].contains("link_base64"));
  EXPECT_FALSE(rows[2].contains("path_base64"));
}

TEST(CliHostile, ErrorsEscapeTheNameOfTheArchive) {
  const CommandResult result = Watertight("ls $'no\\x1b[31m\\nimage'");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(IsOneLine(result.error)) << result.error;
  EXPECT_THAT(result.error, HasSubstr("no\\x1b[31m\\nimage"));
}

}  // namespace
}  // namespace watertight::testing
