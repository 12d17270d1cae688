// What `inspect` says of images that no recorded one stands for.

#include <gmock/gmock.h>

#include <string>

#include "tests/cli/program.h"
#include "tests/support/image_maker.h"

namespace watertight::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class CliInspect : public ::testing::Test {
 protected:
  std::string Inspect(const MadeImage& image, const std::string& options = "") {
    WriteFile(folder_.Path("made.tar"), MakeTar(DockerArchive(image)));
    const CommandResult result =
        RunCommand("cd " + ShellQuoted(folder_.path()) + " && " + ShellQuoted(WATERTIGHT_PROGRAM) +
                   " inspect " + options + " made.tar");
    EXPECT_EQ(result.exit_code, 0) << result.error;
    return result.output;
  }

  TemporaryFolder folder_;
};

Json Step(const std::string& created_by, bool empty = false) {
  Json step = {{"created_by", created_by}};
  if (empty) step["empty_layer"] = true;
  return step;
}

MadeImage TwoLayers() { return MakeImage({{{"a", '0', "one"}}, {{"b", '0', "two"}}}); }

TEST_F(CliInspect, HistoryThatIsTooShortIsAttributedToNoLayer) {
  MadeImage image = TwoLayers();
  image.config["history"] = {Step("RUN one"), Step("ENV A=b", true)};
  const std::string text = Inspect(image);
  EXPECT_THAT(text, HasSubstr("The history does not match: it has 1 step with a layer, the image "
                              "has 2 layers\n  RUN one\n  ENV A=b\n"));
  EXPECT_THAT(text, HasSubstr("LAYER    SIZE  FILES  DIFF_ID\n      0  2.0 kB      1  sha256:"));
  const Json json = Json::parse(Inspect(image, "--format json"));
  EXPECT_EQ(json["history_matches_layers"], false);
  EXPECT_EQ(json["layers"][0]["step"], nullptr);
  EXPECT_EQ(json["layers"][0]["created_by"], nullptr);
  EXPECT_EQ(json["history"][0]["layer"], nullptr);
}

TEST_F(CliInspect, NoHistoryIsSaid) {
  MadeImage image = TwoLayers();
  image.config.erase("history");
  EXPECT_THAT(Inspect(image), HasSubstr("\nNo history is recorded\n"));
}

// buildah without --layers: one layer, attributed to the last instruction.
TEST_F(CliInspect, StepsOfOneLayerStandUnderIt) {
  MadeImage image = TwoLayers();
  image.config["config"]["Labels"] = {{"io.buildah.version", "1.28.2"}};
  image.config["history"] = {Step("/bin/sh -c #(nop) COPY file:1 in /a "),
                             Step("/bin/sh -c echo two > /b", true),
                             Step("/bin/sh -c #(nop) CMD [\"/a\"]")};
  EXPECT_THAT(Inspect(image), HasSubstr("      0  2.0 kB      1  COPY file:1 in /a\n"
                                        "      1  2.0 kB     +1  one layer for steps 1 to 2:\n"
                                        "      ·                   RUN echo two > /b\n"
                                        "      ·                   CMD [\"/a\"]\n"));
}

TEST_F(CliInspect, FilesOfALayerAreAddedChangedAndRemoved) {
  const MadeImage image =
      MakeImage({{{"d/", '5'}, {"d/a", '0', "1"}, {"d/b", '0', "22"}, {"c", '0', "333"}},
                 {{"c", '0', "4444"}, {".wh.d", '0', ""}, {"n", '0', "5"}, {"m", '2', "", "n"}}});
  const std::string text = Inspect(image);
  EXPECT_THAT(text, HasSubstr("+2 ~1 -2"));
  EXPECT_THAT(text, HasSubstr("of which 6 B in 3 files are stored but not visible"));
  EXPECT_THAT(text, HasSubstr("\nStored but not visible\n"
                              "  c     3 B   layer 0, overwritten in layer 1\n"
                              "  d/a   1 B   layer 0, deleted in layer 1\n"
                              "  d/b   2 B   layer 0, deleted in layer 1\n"));
}

TEST_F(CliInspect, ManyHiddenFilesAreCountedUnlessAllAreWanted) {
  std::vector<TarFile> lower = {{"d/", '5'}};
  for (int i = 0; i < 45; ++i) lower.push_back({"d/" + std::to_string(100 + i), '0', "x"});
  const MadeImage image = MakeImage({lower, {{".wh.d", '0', ""}}});
  EXPECT_THAT(Inspect(image), AllOf(HasSubstr("  d/119 "), Not(HasSubstr("  d/120 ")),
                                    HasSubstr("  … and 25 more (--all lists them)\n")));
  EXPECT_THAT(Inspect(image, "--all"),
              AllOf(HasSubstr("  d/144 "), Not(HasSubstr("--all lists them"))));
}

TEST_F(CliInspect, LayerThatTheArchiveLeavesOutIsShownAsAbsent) {
  const MadeImage image = TwoLayers();
  std::vector<TarFile> files = DockerArchive(image);
  Json manifest = Json::parse(files.back().content);
  ASSERT_EQ(files.back().name, "manifest.json");
  Json source =
      DescriptorOf(image.layers[0], "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");
  source["urls"] = {"https://example.invalid/base"};
  manifest[0]["LayerSources"] = {{image.diff_ids[0], source}};
  files.back().content = manifest.dump();
  std::erase_if(files, [&](const TarFile& file) {
    return file.name.find(image.diff_ids[0].substr(7)) != std::string::npos;
  });
  WriteFile(folder_.Path("foreign.tar"), MakeTar(files));
  const std::string path = ShellQuoted(folder_.Path("foreign.tar"));
  const CommandResult text = Watertight("inspect " + path);
  EXPECT_EQ(text.exit_code, 0) << text.error;
  EXPECT_THAT(text.output, AllOf(HasSubstr("2 layers, 1 of them not in this archive"),
                                 HasSubstr("  0  absent  "), HasSubstr("missing-foreign-layer")));
  const Json json = Json::parse(Watertight("inspect --format json " + path).output);
  EXPECT_EQ(json["image"]["size"], nullptr);
  EXPECT_EQ(json["layers"][0]["size"], nullptr);
  EXPECT_EQ(json["layers"][1]["size"], 2048);
  EXPECT_EQ(Watertight("ls " + path).exit_code, 2);
  EXPECT_EQ(Watertight("ls --layer 1 " + path).exit_code, 0);
  EXPECT_EQ(Watertight("check " + path).exit_code, 1);
}

}  // namespace
}  // namespace watertight::testing
