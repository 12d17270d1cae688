// The data of the page within its HTML, and the file that it is written to.

#include "cli/page_html.h"

#include <gmock/gmock.h>

#include <string>

#include "tests/cli/program.h"
#include "tests/support/image_maker.h"

namespace watertight::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// HTML, 4.12.1.3: within a script only these lead out of it, or into another state of it.
TEST(PageHtml, NoStringOfTheDataEndsItsElement) {
  const std::string data = R"({"a":"</script><img src=x onerror=alert(1)>","b":"<!--","c":"]]>"})";
  const std::string safe = cli::InScript(data);
  EXPECT_THAT(safe, Not(HasSubstr("<")));
  EXPECT_THAT(safe, Not(HasSubstr(">")));
  EXPECT_EQ(Json::parse(safe), Json::parse(data));
}

TEST(PageHtml, EndsOfLinesOfJavaScriptAreEscaped) {
  EXPECT_EQ(cli::InScript("\"\xe2\x80\xa8 \xe2\x80\xa9 \xe2\x82\xac \xe2\""),
            "\"\\u2028 \\u2029 \xe2\x82\xac \xe2\"");
}

TEST(PageHtml, QuotesAndBackslashesStayAsTheyAre) {
  const std::string data = R"({"a":"\"'`\\u003c&amp;&lt;"})";
  EXPECT_EQ(cli::InScript(data), data);
}

TEST(PageHtml, OtherPartsStandOnceAndTheDataIsNoTemplate) {
  const std::string page = cli::PageHtml(R"({"a":"{{scripts}}{{style}}{{policy}}"})");
  EXPECT_THAT(page, HasSubstr(R"({"a":"{{scripts}}{{style}}{{policy}}"})"));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, Not(HasSubstr("unsafe-inline")));
  std::size_t ends = 0;
  for (std::size_t at = page.find("</script"); at != std::string::npos;
       at = page.find("</script", at + 1)) {
    ++ends;
  }
  EXPECT_EQ(ends, 2U) << "one of the data, one of the scripts";
}

class CliHtml : public ::testing::Test {
 protected:
  CliHtml() {
    WriteFile(folder_.Path("app.tar"), MakeTar(DockerArchive(MakeImage({{{"a", '0', "one"}}}))));
  }

  CommandResult Run(const std::string& command, const std::string& page) {
    return Watertight(command + " " + ShellQuoted(folder_.Path("app.tar")) + " --html " +
                      ShellQuoted(page));
  }

  TemporaryFolder folder_;
};

TEST_F(CliHtml, OtherOutputIsAsWithoutThePage) {
  for (const std::string command : {"inspect", "check", "inspect --format json"}) {
    const CommandResult with = Run(command, folder_.Path("page.html"));
    const CommandResult without = Watertight(command + " " + ShellQuoted(folder_.Path("app.tar")));
    EXPECT_EQ(with.output, without.output);
    EXPECT_EQ(with.exit_code, without.exit_code);
    EXPECT_EQ(with.error, "");
    EXPECT_THAT(ReadFile(folder_.Path("page.html")), HasSubstr("\"schema\":\"watertight.page/1\""));
  }
}

TEST_F(CliHtml, TheSameImageGivesTheSameBytes) {
  Run("check", folder_.Path("one.html"));
  Run("check", folder_.Path("two.html"));
  EXPECT_EQ(ReadFile(folder_.Path("one.html")), ReadFile(folder_.Path("two.html")));
}

TEST_F(CliHtml, APlaceThatCannotBeWrittenIsOneLineAndTheFileStays) {
  for (const std::string command : {"inspect", "check"}) {
    const CommandResult result = Run(command, folder_.Path("no/such/page.html"));
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_TRUE(IsOneLine(result.error)) << result.error;
    EXPECT_THAT(result.error, HasSubstr("no/such/page.html: No such file or directory"));
    const CommandResult folder = Run(command, folder_.path());
    EXPECT_EQ(folder.exit_code, 2);
    EXPECT_TRUE(IsOneLine(folder.error)) << folder.error;
  }
  WriteFile(folder_.Path("page.html"), "what was there");
  const CommandResult full =
      RunCommand("cd " + ShellQuoted(folder_.path()) + " && ulimit -f 8 && " +
                 ShellQuoted(WATERTIGHT_PROGRAM) + " inspect app.tar --html page.html");
  EXPECT_EQ(full.exit_code, 2);
  EXPECT_TRUE(IsOneLine(full.error)) << full.error;
  EXPECT_EQ(ReadFile(folder_.Path("page.html")), "what was there");
  EXPECT_EQ(RunCommand("ls -A " + ShellQuoted(folder_.path())).output, "app.tar\npage.html\n");
}

TEST_F(CliHtml, AnUnreadableLayerIsShownAndChecked) {
  MadeImage image = MakeImage({{{"a", '0', "one"}}, {{"b", '0', "two"}}});
  image.layers[1] = Compressed(image.layers[1], "gzip");
  image.layers[1].resize(image.layers[1].size() / 2);
  WriteFile(folder_.Path("app.tar"), MakeTar(DockerArchive(image)));
  EXPECT_EQ(Run("inspect", folder_.Path("none.html")).exit_code, 2);
  EXPECT_EQ(RunCommand("ls " + ShellQuoted(folder_.Path("none.html"))).exit_code, 2);
  EXPECT_EQ(Run("check", folder_.Path("page.html")).exit_code, 1);
  const std::string page = ReadFile(folder_.Path("page.html"));
  EXPECT_THAT(page, HasSubstr("\"files\":{\"judged\":false,\"names\":\"a\""));
}

}  // namespace
}  // namespace watertight::testing
