// watertight generate --truth: where the templates of a Dockerfile and a context of one's own
// planted values. The archive is looked into with tar.

#include <gmock/gmock.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/program.h"

namespace watertight::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class OwnTruth : public ::testing::Test {
 protected:
  OwnTruth() {
    std::filesystem::create_directory(Path("app"));
    WriteFile(Path("app/Dockerfile"),
              "FROM scratch\nLABEL ci={{github-pat:ci}}\nCOPY settings /etc/\n");
    WriteFile(Path("app/settings"), "# of the app\ntoken={{github-pat:ci}}\n");
  }

  std::string Path(const std::string& name) const { return folder_.Path(name); }

  CommandResult Run(const std::string& arguments) const {
    return RunCommand("cd " + ShellQuoted(folder_.path()) + " && " +
                      ShellQuoted(WATERTIGHT_PROGRAM) +
                      " generate --context app -o app.tar --truth truth.json " + arguments);
  }

  nlohmann::json Truth(const std::string& arguments = "") const {
    const CommandResult result = Run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.error;
    return nlohmann::json::parse(ReadFile(Path("truth.json")));
  }

  static nlohmann::json Leak(const nlohmann::json& truth, const std::string& carrier) {
    for (const nlohmann::json& leak : truth["leaks"]) {
      if (leak["carrier"] == carrier) return leak;
    }
    ADD_FAILURE() << "no leak in " << carrier;
    return {};
  }

  std::string Settings(const nlohmann::json& leak) const {
    const std::string layer = leak["blob"];
    return RunCommand("tar -xOf " + Path("app.tar") + " " + layer + " | tar -xO etc/settings")
        .output;
  }

  std::string Sha256(const std::string& bytes) const {
    return RunCommand("sha256sum", bytes).output.substr(0, 64);
  }

  TemporaryFolder folder_;
};

TEST_F(OwnTruth, SaysWhereAValueStands) {
  const nlohmann::json truth = Truth();
  EXPECT_EQ(truth["schema"], "watertight.truth/1");
  EXPECT_EQ(truth["archive_sha256"], Sha256(ReadFile(Path("app.tar"))));
  EXPECT_EQ(truth["clean"], false);
  const nlohmann::json leak = Leak(truth, "file");
  EXPECT_EQ(leak["kind"], "github-pat");
  EXPECT_EQ(leak["channel"], nullptr);
  EXPECT_EQ(leak["path"], "etc/settings");
  EXPECT_EQ(leak["layer"], 0);
  EXPECT_EQ(leak["offset"], 19);  // behind "# of the app\ntoken="
  EXPECT_EQ(leak["line"], 2);
  EXPECT_EQ(leak["column"], 7);
  const std::string value = Settings(leak).substr(19, leak["length"]);
  EXPECT_THAT(value, StartsWith("ghp_"));
  EXPECT_EQ(leak["value_sha256"], Sha256(value));
  EXPECT_EQ(Leak(truth, "config")["field"], "config.Labels.ci");
  EXPECT_EQ(Leak(truth, "config")["value_sha256"], leak["value_sha256"]);
  EXPECT_THAT(truth["planted"], SizeIs(1));
}

TEST_F(OwnTruth, ShowsValuesOnlyOnDemand) {
  Truth();
  EXPECT_THAT(ReadFile(Path("truth.json")), Not(HasSubstr("ghp_")));
  const nlohmann::json leak = Leak(Truth("--reveal"), "file");
  EXPECT_EQ(leak["value"], Settings(leak).substr(19, leak["length"]));
}

TEST_F(OwnTruth, IsCleanWhereNothingGetsIntoTheImage) {
  WriteFile(Path("app/Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
  const nlohmann::json truth = Truth();
  EXPECT_EQ(truth["clean"], true);
  EXPECT_THAT(truth["leaks"], SizeIs(0));
  ASSERT_THAT(truth["planted"], SizeIs(1));
  EXPECT_EQ(truth["planted"][0]["in_image"], false);
}

TEST_F(OwnTruth, UnknownKindsAreOneLineWithTheirPlace) {
  WriteFile(Path("app/settings"), "\n x={{github-pta:ci}}\n");
  const CommandResult result = Run("");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_TRUE(IsOneLine(result.error)) << result.error;
  EXPECT_THAT(result.error, StartsWith("app/settings:2:4: "));
  EXPECT_FALSE(std::filesystem::exists(Path("app.tar")));
}

}  // namespace
}  // namespace watertight::testing
