// Which step of the history made which layer; expectations after the rule: every entry without
// empty_layer takes the next diff_id, and when the counts differ nothing is attributed.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/command.h"
#include "tests/support/image_maker.h"
#include "tests/support/samples.h"
#include "watertight/image.h"

namespace watertight::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<int> Steps(const Image& image) {
  std::vector<int> steps;
  for (const Layer& layer : image.layers()) steps.push_back(layer.step().value_or(-1));
  return steps;
}

std::vector<std::string> Codes(const Image& image) {
  std::vector<std::string> codes;
  for (const Note& note : image.notes()) codes.push_back(note.code);
  return codes;
}

struct Mismatch {
  const char* name;
  std::vector<int> steps;  // of the two layers; -1: none
  const char* code;
  const char* text;
};

void PrintTo(const Mismatch& mismatch, std::ostream* out) { *out << mismatch.name; }

constexpr char kAbsent[] =
    "there is no history: it has 0 steps with a layer, the image has 2 layers; no step is "
    "attributed to a layer";

class HistorySamples : public ::testing::TestWithParam<Mismatch> {};

TEST_P(HistorySamples, AreAttributedOnlyWhenCountsAgree) {
  REQUIRE_SAMPLES();
  const Mismatch& expected = GetParam();
  const Image image = Image::Open(SamplePath(std::string("hist-inputs/") + expected.name + ".tar"));
  EXPECT_EQ(Steps(image), expected.steps);
  EXPECT_EQ(image.history_matches_layers(), *expected.code == '\0');
  if (*expected.code == '\0') {
    EXPECT_THAT(image.notes(), IsEmpty());
    return;
  }
  ASSERT_THAT(Codes(image), ElementsAre(expected.code));
  EXPECT_EQ(image.notes()[0].text, expected.text);
  for (const HistoryStep& step : image.history()) EXPECT_EQ(step.layer, std::nullopt);
}

// The ninth, diffsshort, is refused: DamagedSamples.LayersAndDiffIdsOfDifferentLength. That the
// digests of diffswrong are swapped says nothing of its history: Validate() reports them.
INSTANTIATE_TEST_SUITE_P(
    All, HistorySamples,
    ::testing::Values(
        Mismatch{"exact", {0, 1}, "", ""}, Mismatch{"diffswrong", {0, 1}, "", ""},
        Mismatch{"none", {-1, -1}, "history-absent", kAbsent},
        Mismatch{"null", {-1, -1}, "history-absent", kAbsent},
        Mismatch{"emptyarr", {-1, -1}, "history-absent", kAbsent},
        Mismatch{"short",
                 {-1, -1},
                 "history-mismatch",
                 "the history has 1 steps with a layer, the image has 2 layers; no step is "
                 "attributed to a layer"},
        Mismatch{"long",
                 {-1, -1},
                 "history-mismatch",
                 "the history has 3 steps with a layer, the image has 2 layers; no step is "
                 "attributed to a layer"},
        Mismatch{"allempty",
                 {-1, -1},
                 "history-mismatch",
                 "the history has 0 steps with a layer, the image has 2 layers; no step is "
                 "attributed to a layer"}),
    [](const auto& test) { return std::string(test.param.name); });

Image OpenWith(const Json& history, const Json& labels = Json::object()) {
  const TemporaryFolder folder;
  MadeImage made = MakeImage({{{"a", '0', "a"}}, {{"b", '0', "b"}}});
  made.config["history"] = history;
  made.config["config"]["Labels"] = labels;
  WriteFile(folder.Path("app.tar"), MakeTar(DockerArchive(made)));
  return Image::Open(folder.Path("app.tar"));
}

Json Step(const char* created_by, bool empty, const char* comment = "") {
  Json step = {{"created_by", created_by}, {"comment", comment}};
  if (empty) step["empty_layer"] = true;
  return step;
}

TEST(History, SkipsStepsWithoutALayer) {
  const Image image = OpenWith({Step("ARG A", true), Step("COPY a", false), Step("ENV B", true),
                                Step("COPY b", false), Step("CMD c", true)});
  EXPECT_THAT(Steps(image), ElementsAre(1, 3));
  EXPECT_EQ(image.history()[3].layer, 1);
  EXPECT_EQ(image.history()[4].layer, std::nullopt);
  EXPECT_EQ(image.layers()[1].steps(), (std::pair<int, int>{3, 3}));
}

// buildah without --layers: the last instruction carries the work of the whole Dockerfile.
TEST(History, BuildahWithoutLayersNamesAllStepsOfTheLayer) {
  const Json history = {Step("base", false), Step("/bin/sh -c #(nop) ENV A=b", true),
                        Step("/bin/sh -c #(nop) COPY file:1 in /b", true),
                        Step("/bin/sh -c #(nop) CMD b", false, "FROM base")};
  const Image buildah = OpenWith(history, {{"io.buildah.version", "1.28.2"}});
  EXPECT_THAT(Steps(buildah), ElementsAre(0, 3));
  EXPECT_EQ(buildah.layers()[0].steps(), (std::pair<int, int>{0, 0}));
  EXPECT_EQ(buildah.layers()[1].steps(), (std::pair<int, int>{1, 3}));
  EXPECT_EQ(OpenWith(history).layers()[1].steps(), (std::pair<int, int>{3, 3}));
}

// Only metadata went before: the step made the layer itself.
TEST(History, BuildahWithLayersNamesTheStepAlone) {
  const Image image = OpenWith({Step("base", false), Step("/bin/sh -c #(nop) ENV A=b", true),
                                Step("/bin/sh -c echo b > /b", false)},
                               {{"io.buildah.version", "1.43.2"}});
  EXPECT_EQ(image.layers()[1].steps(), (std::pair<int, int>{2, 2}));
}

// The label of buildah's base stays in what BuildKit builds on it.
TEST(History, BuildKitOnABaseOfBuildahNamesTheStepAlone) {
  constexpr char kBuildKit[] = "buildkit.dockerfile.v0";
  const Image image = OpenWith({Step("base", false), Step("ENV A=b", true, kBuildKit),
                                Step("COPY b / # buildkit", false, kBuildKit)},
                               {{"io.buildah.version", "1.28.2"}});
  EXPECT_EQ(image.layers()[1].steps(), (std::pair<int, int>{2, 2}));
}

TEST(HistorySamplesOfBuilders, BuildahNamesAllStepsOfOneLayer) {
  REQUIRE_SAMPLES();
  // A.df: 15 steps over the base's two; the last one, CMD, carries the layer.
  const Image merged = Image::Open(SamplePath("buildah128-A-docker.tar"));
  EXPECT_EQ(merged.layers()[1].steps(), (std::pair<int, int>{2, 16}));
  const Image layered = Image::Open(SamplePath("buildah128-A-layers-docker.tar"));
  EXPECT_THAT(Steps(layered), ElementsAre(1, 7, 8, 9, 10, 11, 13));
}

}  // namespace
}  // namespace watertight::testing
