// watertight generate --out: which files it writes, what catalogue.json and the truth files say of
// them, and what it refuses. Whether the truth is true is checked by tests/catalogue.

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class Catalogue : public ::testing::Test {
 protected:
  // A folder of fixtures: one that leaks, one that is clean and BuildKit's alone, one that readers
  // should refuse.
  Catalogue() {
    Add("team/leaks", R"("mend": "m", "twin": "team/clean", "leaks": [{"secret": "github-pat:a",
        "carrier": "file", "step": 0, "path": "token"}])",
        "FROM scratch\nCOPY token /token\n", "{{github-pat:a}}\n");
    Add("team/clean", R"("builders": ["buildkit-*"])", "FROM scratch\nCOPY token /token\n", "");
    Add("team/odd", R"("expect": {"verdict": "refused"})", "FROM scratch\nCOPY token /token\n", "");
  }

  void Add(const std::string& id, const std::string& rest, const std::string& dockerfile,
           const std::string& token) {
    std::filesystem::create_directories(Path("fixtures/" + id));
    WriteFile(Path("fixtures/" + id + "/fixture.json"),
              R"({"title": "t", "about": "a", "channel": "copy-then-delete", "tier": "basic", )" +
                  rest + "}\n");
    WriteFile(Path("fixtures/" + id + "/Dockerfile"), dockerfile);
    WriteFile(Path("fixtures/" + id + "/token"), token);
  }

  std::string Path(const std::string& name) const { return folder_.Path(name); }

  // `before`: of the shell, in front of the program.
  CommandResult Run(const std::string& arguments, const std::string& before = "") const {
    return RunCommand("cd " + ShellQuoted(folder_.path()) + " && " + before + " " +
                      ShellQuoted(WATERTIGHT_PROGRAM) + " generate " + arguments);
  }

  void Generate(const std::string& arguments) const {
    const CommandResult result = Run("--fixtures fixtures " + arguments);
    ASSERT_EQ(result.exit_code, 0) << result.error;
  }

  // Returns the line.
  std::string Refused(const std::string& arguments, const std::string& before = "") const {
    const std::vector<std::string> files = Files("");
    const CommandResult result = Run(arguments, before);
    EXPECT_EQ(result.exit_code, 2) << arguments << "\n" << result.error;
    EXPECT_EQ(result.output, "") << arguments;
    EXPECT_TRUE(IsOneLine(result.error)) << arguments << "\n" << result.error;
    EXPECT_EQ(Files(""), files) << arguments;
    return result.error;
  }

  std::vector<std::string> Files(const std::string& folder) const {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(Path(folder))) {
      paths.push_back(entry.path().lexically_relative(Path(folder)));
    }
    std::ranges::sort(paths);
    return paths;
  }

  nlohmann::json Document(const std::string& name) const {
    return nlohmann::json::parse(ReadFile(Path(name)));
  }

  std::string Sha256(const std::string& name) const {
    return RunCommand("sha256sum <" + ShellQuoted(Path(name))).output.substr(0, 64);
  }

  TemporaryFolder folder_;
};

TEST_F(Catalogue, NamesFilesByFixtureBuilderAndArchive) {
  const CommandResult result =
      Run("--fixtures fixtures --builder 'buildkit-0.[12]*' --archive docker-20,oci --out new/out");
  EXPECT_EQ(result.exit_code, 0) << result.error;
  EXPECT_EQ(result.output, "8 archives of 2 fixtures in new/out\n");
  EXPECT_EQ(result.error, "");
  const std::vector<std::string> files = Files("new/out");
  EXPECT_EQ(files.size(), 17U);
  EXPECT_THAT(files,
              ::testing::IsSupersetOf({"catalogue.json", "team.clean.buildkit-0.13.docker-20.tar",
                                       "team.clean.buildkit-0.13.docker-20.truth.json",
                                       "team.leaks.buildkit-0.25.oci.tar"}));
}

TEST_F(Catalogue, IsListedInADocument) {
  Generate("--out out --seed s");
  const nlohmann::json document = Document("out/catalogue.json");
  EXPECT_EQ(document["schema"], "watertight.catalogue/1");
  EXPECT_EQ(document["seed"], "s");
  ASSERT_EQ(document["fixtures"].size(), 2U);
  const std::string file = "team.leaks.buildkit-0.25.docker-28";
  const nlohmann::json expected = {
      {"fixture", "team/leaks"},       {"title", "t"},
      {"channel", "copy-then-delete"}, {"clean", false},
      {"twin", "team/clean"},          {"builder", "buildkit-0.25"},
      {"archive", "docker-28"},        {"file", file + ".tar"},
      {"truth", file + ".truth.json"}, {"sha256", Sha256("out/" + file + ".tar")}};
  EXPECT_EQ(document["fixtures"][1], expected);
  EXPECT_EQ(document["fixtures"][0]["clean"], true);
  EXPECT_EQ(document["fixtures"][0]["twin"], nullptr);
}

TEST_F(Catalogue, RevealsValuesOnlyOnDemand) {
  Generate("--out out");
  const std::string truth = "out/team.leaks.buildkit-0.25.docker-28.truth.json";
  const nlohmann::json hidden = Document(truth);
  EXPECT_THAT(ReadFile(Path(truth)), Not(HasSubstr("ghp_")));
  EXPECT_EQ(hidden["archive_sha256"], Sha256("out/team.leaks.buildkit-0.25.docker-28.tar"));
  Generate("--out out --reveal");
  const nlohmann::json shown = Document(truth);
  EXPECT_THAT(shown["leaks"][0]["value"], StartsWith("ghp_"));
  EXPECT_EQ(shown["leaks"][0]["value_sha256"], hidden["leaks"][0]["value_sha256"]);
  Generate("--out out --reveal --seed other");
  EXPECT_NE(Document(truth)["leaks"][0]["value"], shown["leaks"][0]["value"]);
}

TEST_F(Catalogue, IsTheSameWhateverTheNumberOfThreads) {
  for (const std::string jobs : {"1", "7"}) {
    const CommandResult result =
        Run("'copy/m*' --builder all --archive all --jobs " + jobs + " --out " + jobs);
    ASSERT_EQ(result.exit_code, 0) << result.error;
  }
  const CommandResult same = RunCommand("diff -r " + Path("1") + " " + Path("7"));
  EXPECT_EQ(same.exit_code, 0) << same.output;
}

TEST_F(Catalogue, WritesLayoutsAsFolders) {
  Generate("team/leaks --archive oci-dir --out out");
  EXPECT_TRUE(std::filesystem::is_directory(Path("out/team.leaks.buildkit-0.25.oci-dir")));
  EXPECT_EQ(Document("out/catalogue.json")["fixtures"][0]["sha256"], nullptr);
  Generate("team/leaks --archive oci-dir --out out --seed again");
  EXPECT_EQ(Files("out").size(), 10U);  // no more than before
}

TEST_F(Catalogue, CountsWhatDoesNotExistThere) {
  const CommandResult result = Run("--fixtures fixtures --builder classic-28 --out out");
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.output, "1 archive of 1 fixture in out\n");
  EXPECT_TRUE(IsOneLine(result.error));
  EXPECT_THAT(result.error, HasSubstr("1 archive"));
}

TEST_F(Catalogue, RefusesWhatIsNamedExactlyAndDoesNotExist) {
  EXPECT_THAT(
      Refused("team/clean --fixtures fixtures --builder classic-28 --out out"),
      ::testing::AllOf(HasSubstr("team/clean"), HasSubstr("classic-28"), HasSubstr("buildkit-*")));
  EXPECT_THAT(Refused("'*clean' --fixtures fixtures --builder classic-28 --out out"),
              HasSubstr("none of them"));
  Generate("team/clean --builder all --out out");
}

TEST_F(Catalogue, WritesDamagedImagesOnlyOnDemand) {
  Generate("--out out");
  EXPECT_THAT(Files("out"), Not(::testing::Contains(HasSubstr("odd"))));
  Generate("--out out --faults");
  const nlohmann::json truth = Document("out/team.odd.buildkit-0.25.docker-28.truth.json");
  EXPECT_EQ(truth["expect"]["verdict"], "refused");
  EXPECT_EQ(Document("out/team.leaks.buildkit-0.25.docker-28.truth.json")["expect"], nullptr);
  EXPECT_THAT(Refused("team/odd --fixtures fixtures --out out"), HasSubstr("--faults"));
}

// The key "channel" is left out: damage is no way out of an image.
TEST_F(Catalogue, DamagesImagesAsTheirFixturesAsk) {
  std::filesystem::create_directories(Path("fixtures/team/cut"));
  WriteFile(Path("fixtures/team/cut/Dockerfile"), "FROM scratch\nCOPY Dockerfile /\n");
  WriteFile(Path("fixtures/team/cut/fixture.json"),
            R"({"title": "t", "about": "a", "tier": "exotic", "expect": {"verdict": "refused"},
                "faults": [{"fault": "file-cut-at", "bytes": 1700}]})");
  Generate("team/cut --faults --out out");
  const std::string file = "out/team.cut.buildkit-0.25.docker-28";
  EXPECT_EQ(std::filesystem::file_size(Path(file + ".tar")), 1700U);
  const nlohmann::json row = Document("out/catalogue.json")["fixtures"][0];
  EXPECT_EQ(row["sha256"], Sha256(file + ".tar"));
  EXPECT_EQ(row["channel"], nullptr);
  const nlohmann::json truth = Document(file + ".truth.json");
  EXPECT_EQ(truth["archive_sha256"], row["sha256"]);
  EXPECT_EQ(truth["expect"]["verdict"], "refused");
  EXPECT_EQ(
      RunCommand(ShellQuoted(WATERTIGHT_PROGRAM) + " inspect " + Path(file + ".tar")).exit_code, 2);
  const std::string listed =
      Run("--list fixtures --format json --fixtures fixtures 'team/c*'").output;
  EXPECT_EQ(nlohmann::json::parse(listed)[1]["channel"], nullptr);
}

TEST_F(Catalogue, TakesTheFolderThatOneIsIn) {
  for (const char* folder : {".", "./", "../fixtures/", "team/../"}) {
    const CommandResult result =
        Run("'team/leaks' --out ../out --fixtures " + std::string(folder), "cd fixtures &&");
    EXPECT_EQ(result.output, "1 archive of 1 fixture in ../out\n") << folder << result.error;
  }
  for (const char* folder : {".", "../leaks", "./"}) {
    const CommandResult result = Run("leaks --out ../../../out --fixtures " + std::string(folder),
                                     "cd fixtures/team/leaks &&");
    EXPECT_EQ(result.exit_code, 0) << folder << result.error;
  }
}

TEST_F(Catalogue, UnknownNames) {
  EXPECT_THAT(Refused("team/leak --fixtures fixtures --out out"), HasSubstr("team/leaks"));
  EXPECT_THAT(Refused("'x*' --fixtures fixtures --out out"), HasSubstr("x*"));
  EXPECT_THAT(Refused("--fixtures fixtures --builder docker --out out"),
              ::testing::AllOf(HasSubstr("docker"), HasSubstr("buildah-1.28-layers")));
  EXPECT_THAT(Refused("--fixtures fixtures --archive 'x*' --out out"),
              ::testing::AllOf(HasSubstr("x*"), HasSubstr("oci-dir")));
  EXPECT_THAT(Refused("--fixtures nowhere --out out"), HasSubstr("nowhere"));
  EXPECT_THAT(Refused("--fixtures fixtures"), HasSubstr("--out"));
  EXPECT_THAT(Refused("--out out --jobs 0"), HasSubstr("--jobs"));
}

TEST_F(Catalogue, UsesThatDoNotGoTogether) {
  EXPECT_THAT(Refused("--out out --context fixtures"), HasSubstr("--context"));
  EXPECT_THAT(Refused("copy/moved -o app.tar"), HasSubstr("--output"));
  EXPECT_THAT(Refused("--write-contexts out --builder kaniko"), HasSubstr("--builder"));
  EXPECT_THAT(Refused("--list kinds 'g*'"), HasSubstr("kinds"));
  EXPECT_THAT(Refused("--list kinds --format markdown"), HasSubstr("markdown"));
}

TEST_F(Catalogue, BadFixturesAreOneLineWithTheirPlace) {
  const std::string file = "fixtures/team/leaks/";
  WriteFile(Path(file + "token"), "{{github-pta:a}}\n");
  EXPECT_THAT(Refused("--fixtures fixtures --out out"), StartsWith(file + "token:1:1: "));
  WriteFile(Path(file + "token"), "nothing\n");
  EXPECT_THAT(Refused("--fixtures fixtures --out out"), StartsWith(file + "fixture.json:1:"));
  WriteFile(Path(file + "token"), "{{github-pat:a}}\n");
  WriteFile(Path(file + "Dockerfile"), "FROM scratch\nCOPPY token /\n");
  EXPECT_THAT(Refused("--fixtures fixtures --out out"), StartsWith(file + "Dockerfile:2: "));
  WriteFile(Path(file + "Dockerfile"), "FROM scratch\nCOPY token /token\nCOPY token /other\n");
  EXPECT_THAT(Refused("--fixtures fixtures --out out"), StartsWith(file + "fixture.json:1:"));
}

TEST_F(Catalogue, TwinsAreFixtures) {
  Add("team/odd", R"("twin": "team/clear")", "FROM scratch\nCOPY token /token\n", "");
  EXPECT_EQ(Refused("--fixtures fixtures --list fixtures"),
            "fixtures/team/odd/fixture.json:1:86: the twin \"team/clear\" is no fixture (did you "
            "mean team/clean?)\n");
  Add("team/odd", R"("twin": "team/odd")", "FROM scratch\nCOPY token /token\n", "");
  EXPECT_THAT(Refused("--fixtures fixtures --out out"), HasSubstr("1:86: a fixture is no twin of"));
  Add("team/odd", R"("twin": "copy/then-delete")", "FROM scratch\nCOPY token /token\n", "");
  Generate("--out out");
}

TEST_F(Catalogue, FoldersHoldFilesAlone) {
  std::filesystem::create_symlink("token", Path("fixtures/team/leaks/link"));
  WriteFile(Path("fixtures/team/leaks/Dockerfile"), "FROM scratch\nCOPY link /token\n");
  Generate("--out out");
  std::filesystem::create_symlink(".", Path("fixtures/team/leaks/folder"));
  EXPECT_THAT(Refused("--fixtures fixtures --out out"),
              StartsWith("fixtures/team/leaks/folder: is no file"));
}

TEST_F(Catalogue, BadBasesAreOneLineWithTheirPlace) {
  Add("team/based", R"("bases": {"base:1": "base"})", "# its base\nFROM base:1\n", "");
  const std::string file = "fixtures/team/based/base/Dockerfile";
  std::filesystem::create_directory(Path("fixtures/team/based/base"));
  WriteFile(Path(file), "FROM scratch\nCOPY nowhere /\n");
  EXPECT_THAT(Refused("team/based --fixtures fixtures --out out"), StartsWith(file + ":2: "));
  WriteFile(Path(file), "");
  EXPECT_THAT(Refused("team/based --fixtures fixtures --out out"), StartsWith(file + ": "));
}

TEST_F(Catalogue, IdsThatAreNoNamesOfFiles) {
  Add("team/Upper.case", "\"twin\": \"team/clean\"", "FROM scratch\nCOPY token /\n", "");
  EXPECT_THAT(Refused("--fixtures fixtures --out out"), HasSubstr("Upper.case"));
}

TEST_F(Catalogue, FullDiskAndOtherPlacesThatTakeNothing) {
  EXPECT_THAT(Refused("--fixtures fixtures --out out", "ulimit -f 4;"),
              HasSubstr("File too large"));
  WriteFile(Path("file"), "");
  EXPECT_THAT(Refused("--fixtures fixtures --out file"), HasSubstr("file: is no folder"));
  EXPECT_THAT(Refused("--fixtures fixtures --out file/out"), HasSubstr("file/out"));
  EXPECT_THAT(Refused("--fixtures fixtures --out /proc/out"), HasSubstr("/proc/out"));
  std::filesystem::create_directories(
      Path("taken/team.leaks.buildkit-0.25.docker-28.tar/something"));
  EXPECT_THAT(Refused("--fixtures fixtures --out taken"), HasSubstr("is no regular file"));
}

TEST_F(Catalogue, AFailureLeavesTheFolderAsItWas) {
  Generate("--out out");
  const std::string before = Sha256("out/catalogue.json");
  WriteFile(Path("fixtures/team/leaks/token"), "{{github-pta:a}}\n");
  Refused("--fixtures fixtures --out out");
  EXPECT_EQ(Sha256("out/catalogue.json"), before);
}

TEST_F(Catalogue, ContextsAreFoldersToBuild) {
  Add("team/secret", R"("build_args": {"A": "it's"}, "secrets": {"key": "{{github-pat:k}}"},
      "modes": {"token": "0751"}, "bases": {"base:1": "base"}, "target": "last")",
      "FROM base:1 AS last\n", "{{github-pat:k}}");
  std::filesystem::create_directory(Path("fixtures/team/secret/base"));
  WriteFile(Path("fixtures/team/secret/base/Dockerfile"), "FROM scratch\n");
  Generate("team/secret --write-contexts out");
  EXPECT_THAT(
      Files("out"),
      ElementsAre("team", "team/secret", "team/secret/bases", "team/secret/bases/base",
                  "team/secret/bases/base/Dockerfile", "team/secret/build", "team/secret/context",
                  "team/secret/context/Dockerfile", "team/secret/context/token",
                  "team/secret/secrets", "team/secret/secrets/key"));
  EXPECT_EQ(ReadFile(Path("out/team/secret/build")),
            "#!/bin/sh\nset -e\ncd \"$(dirname \"$0\")\"\n"
            "DOCKER_BUILDKIT=1 docker build --tag base:1 bases/base\n"
            "DOCKER_BUILDKIT=1 docker build --build-arg 'A=it'\\''s' --secret "
            "id=key,src=secrets/key --target last --tag watertight/team/secret context\n");
  EXPECT_THAT(ReadFile(Path("out/team/secret/context/token")), StartsWith("ghp_"));
  EXPECT_EQ(RunCommand("stat -c %a,%Y " + Path("out/team/secret/context/token")).output,
            "751,1767225600\n");
  Generate("team/secret --write-contexts out --seed other");
  EXPECT_EQ(Files("out").size(), 11U);
}

TEST_F(Catalogue, ListsFixtures) {
  const CommandResult text = Run("--list fixtures --fixtures fixtures");
  EXPECT_EQ(text.output,
            "team/clean  clean    copy-then-delete  t\n"
            "team/leaks  leaks    copy-then-delete  t\n"
            "team/odd    damaged  copy-then-delete  t\n");
  const nlohmann::json rows =
      nlohmann::json::parse(Run("--list fixtures --format json --fixtures fixtures '*l*'").output);
  ASSERT_EQ(rows.size(), 2U);
  const nlohmann::json expected = {{"id", "team/leaks"},
                                   {"title", "t"},
                                   {"channel", "copy-then-delete"},
                                   {"tier", "basic"},
                                   {"kinds", {"github-pat"}},
                                   {"clean", false},
                                   {"damaged", false},
                                   {"twin", "team/clean"},
                                   {"builders", nlohmann::json::array()},
                                   {"archives", nlohmann::json::array()}};
  EXPECT_EQ(rows[1], expected);
}

TEST_F(Catalogue, ListsKinds) {
  const nlohmann::json rows = nlohmann::json::parse(Run("--list kinds --format json").output);
  ASSERT_THAT(rows, Not(IsEmpty()));
  const auto row =
      std::ranges::find_if(rows, [](const auto& each) { return each["id"] == "github-pat"; });
  ASSERT_NE(row, rows.end());
  EXPECT_EQ((*row)["class"], "vcs");
  EXPECT_THAT((*row)["forms"], ::testing::Contains("file:.netrc"));
}

}  // namespace
}  // namespace watertight::testing
