#include "generator/truth/truth.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "tests/generator/truth/small_fixture.h"

namespace watertight::generator {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// A token of kind github-pat has 40 characters.

std::string Leaks(const std::string& rows) { return ",\n\"leaks\": [" + rows + "]"; }

TEST(Truth, FollowsAFileThroughItsLayers) {
  const SmallFixture fixture{
      .dockerfile = "FROM scratch\nCOPY a b /d/\nCOPY c /d/b\nCOPY --chown=1 c /e\n",
      .files = {{"a", "token:\n {{github-pat:deploy}}\n"},
                {"b", "{{github-pat:deploy}}"},
                {"c", "harmless"}},
      .rows = Leaks(
          R"({"secret": "github-pat:deploy", "carrier": "file", "step": 0, "path": "d/a",
              "visibility": "live"},
             {"secret": "github-pat:deploy", "carrier": "file", "path": "d/b",
              "visibility": "overwritten", "count": 1})")};
  const Truth truth = fixture.Made("buildkit-0.25", "docker-28");
  EXPECT_THAT(RowsOf(truth.leaks),
              ElementsAre("file d/a @0 8+40 2:2 live", "file d/b @0 0+40 1:1 overwritten"));
  EXPECT_EQ(truth.leaks[0].id, "c/n#1");
  EXPECT_EQ(truth.leaks[1].id, "c/n#2");
  EXPECT_EQ(truth.leaks[0].kind, "github-pat");
  EXPECT_EQ(truth.leaks[0].value_class, "vcs");
  EXPECT_EQ(truth.leaks[0].channel, "env");
  ASSERT_THAT(truth.planted, SizeIs(1));
  EXPECT_TRUE(truth.planted[0].in_image);
}

TEST(Truth, FindsNamesAndLinks) {
  const SmallFixture fixture{
      .dockerfile =
          "FROM busybox\nARG T\nRUN mkdir /{{github-pat:deploy}} && ln -s "
          "/{{github-pat:deploy}}/x /l && touch \"/{{github-pat:deploy}}/x\"\n"
          "RUN rm -r /{{github-pat:deploy}}\n",
      .rows = Leaks(
          R"({"secret": "github-pat:deploy", "carrier": "path", "step": 0, "visibility": "deleted",
              "count": 2},
             {"secret": "github-pat:deploy", "carrier": "link", "path": "l", "visibility": "live",
              "count": 1},
             {"secret": "github-pat:deploy", "carrier": "path", "step": 1, "visibility": "live",
              "count": 1},
             {"secret": "github-pat:deploy", "carrier": "history", "count": 4})")};
  const Truth truth = fixture.Made("buildkit-0.25", "docker-28");
  std::vector<std::string> names;
  for (const TruthPlace& place : truth.leaks) {
    if (place.layer) names.push_back(place.carrier + " " + std::to_string(place.span.offset));
  }
  // The directory, the file in it, the link's target, and the whiteout ".wh.TOKEN".
  EXPECT_THAT(names, testing::UnorderedElementsAre("path 0", "path 0", "link 1", "path 4"));
}

TEST(Truth, FindsFieldsOfTheConfigurationAndItsCopies) {
  const SmallFixture fixture{
      .dockerfile = "FROM scratch\nCOPY f /\nENV A=1 T={{github-pat:deploy}}\n",
      .files = {{"f", "x"}},
      .rows = Leaks(R"({"secret": "github-pat:deploy", "carrier": "config"},
                       {"secret": "github-pat:deploy", "carrier": "history"})")};
  EXPECT_THAT(RowsOf(fixture.Made("buildkit-0.25", "buildx-oci").leaks),
              ElementsAre("config config.Env[2] 2+40 1:3 metadata",
                          "history history[1].created_by 10+40 1:11 metadata"));
  // The classic builder's container_config, and Docker's v1 document of the upper layer: there the
  // value stands in the JSON as it is.
  const Truth classic = fixture.Made("classic-20.10", "docker-20");
  int copies = 0;
  int blobs = 0;
  for (const TruthPlace& place : classic.leaks) {
    copies += place.field && place.field->starts_with("container_config.");
    blobs += place.carrier == "blob";
    if (place.carrier == "blob") {
      EXPECT_TRUE(place.blob.ends_with("/json"));
      EXPECT_FALSE(place.field || place.path || place.layer);
    }
  }
  EXPECT_GE(copies, 1);
  EXPECT_GE(blobs, 1);
}

TEST(Truth, FindsTheDockerfileInAProvenance) {
  const SmallFixture fixture{
      .dockerfile = "FROM scratch AS secret\nENV T={{github-pat:deploy}}\nFROM scratch\nCOPY f /\n",
      .files = {{"f", "x"}},
      .rows = R"(, "provenance": "max", "leaks": [
                   {"secret": "github-pat:deploy", "carrier": "attestation", "encoding": ["base64"],
                    "field": "predicate.metadata[*].source.infos[0].data", "count": 1}])"};
  const Truth truth = fixture.Made("buildkit-0.25", "buildx-oci");
  ASSERT_THAT(truth.leaks, SizeIs(1));
  // "FROM scratch AS secret\nENV T=" are 29 bytes: the value's bits 232 to 552 are in the digits 38
  // to 91.
  EXPECT_EQ(truth.leaks[0].span.offset, 38);
  EXPECT_EQ(truth.leaks[0].span.length, 54);
  EXPECT_THAT(fixture.ErrorOf("buildkit-0.25", "docker-28"),
              testing::HasSubstr("github-pat:deploy is not in the archive"));
}

TEST(Truth, FollowsValuesIntoContainers) {
  const SmallFixture fixture{.dockerfile = "FROM scratch\nCOPY z t /\n",
                             .rows = R"(, "files": {"z": {"gzip": "a {{github-pat:deploy}}"},
                             "t": {"tar": {"dir/member": "\n{{github-pat:deploy}}",
                                           "{{github-pat:name}}": "x"}}}, "leaks": [
                   {"secret": "github-pat:deploy", "carrier": "file", "path": "z",
                    "encoding": ["gzip"], "count": 1},
                   {"secret": "github-pat:deploy", "carrier": "file", "path": "t", "count": 1},
                   {"secret": "github-pat:name", "carrier": "file", "path": "t", "count": 1}])"};
  // The name of the second member stands in the third block of the tar, and the only
  // line end before it is the first member's, at 512.
  EXPECT_THAT(RowsOf(fixture.Made("buildkit-0.25", "oci").leaks),
              testing::UnorderedElementsAre("file z @0 2+40 1:3 gzip live",
                                            "file t @0 1+40 2:1 !dir/member live",
                                            "file t @0 1024+40 2:512 live"));
}

TEST(Truth, CountsStepsWhateverTheBuilderMakesOfThem) {
  const SmallFixture fixture{
      .dockerfile =
          "FROM scratch AS first\nWORKDIR /w\nCOPY f a\nFROM first\nENV X=1\nCOPY f /w/b\n",
      .files = {{"f", "{{github-pat:deploy}}"}},
      .rows = Leaks(R"({"secret": "github-pat:deploy", "carrier": "file", "step": 1, "path": "w/a"},
                       {"secret": "github-pat:deploy", "carrier": "file", "step": 2, "path": "w/b"})")};
  for (const char* builder : {"buildkit-0.8", "classic-28", "kaniko", "buildah-1.28-layers"}) {
    EXPECT_THAT(fixture.Made(builder, "docker-28").leaks, SizeIs(2)) << builder;
  }
}

TEST(Truth, CountsStepsOfABase) {
  const SmallFixture fixture{.dockerfile = "FROM base:1\nCOPY own /\n",
                             .files = {{"base/Dockerfile", "FROM scratch\nCOPY f /a\nCOPY f /b\n"},
                                       {"base/f", "{{github-pat:deploy}}"},
                                       {"own", "x"}},
                             .rows = R"(, "bases": {"base:1": "base"}, "leaks": [
                   {"secret": "github-pat:deploy", "carrier": "file", "base": "base:1", "step": 0,
                    "path": "a"},
                   {"secret": "github-pat:deploy", "carrier": "file", "base": "base:1", "step": 1,
                    "path": "b"}])"};
  EXPECT_THAT(RowsOf(fixture.Made("buildkit-0.25", "docker-28").leaks),
              ElementsAre("file a @0 0+40 1:1 live", "file b @1 0+40 1:1 live"));
}

TEST(Truth, GoesOnCountingWithThen) {
  const SmallFixture fixture{
      .dockerfile = "FROM scratch\nCOPY f /\n",
      .files = {{"f", "x"}},
      .rows =
          R"(, "then": [{"layer": {"entries": [{"name": "g", "content": "{{github-pat:deploy}}"}]}},
                            {"orphan": "is {{github-pat:deploy}}"}],
                   "leaks": [{"secret": "github-pat:deploy", "carrier": "file", "step": 1, "path": "g"},
                             {"secret": "github-pat:deploy", "carrier": "blob"}])"};
  EXPECT_THAT(RowsOf(fixture.Made("buildkit-0.25", "docker-28").leaks),
              ElementsAre("file g @1 0+40 1:1 live", "blob 3+40 1:4 metadata"));
}

TEST(Truth, SeparatesDecoys) {
  const SmallFixture fixture{.dockerfile = "FROM scratch\nCOPY f /\n",
                             .files = {{"f", "{{github-pat:old!bad-checksum}}"}},
                             .rows = R"(, "decoys": [
        {"secret": "github-pat:old!bad-checksum", "carrier": "file", "class": "bad-checksum", "why": "w"},
        {"carrier": "file", "path": "f", "class": "name-only", "why": "v"},
        {"carrier": "config", "field": "config.Env[0]", "class": "reference", "why": "u"}])"};
  const Truth truth = fixture.Made("buildkit-0.25", "docker-28");
  EXPECT_THAT(truth.leaks, IsEmpty());
  EXPECT_THAT(RowsOf(truth.decoys), ElementsAre("file f @0 0+40 1:1 live", "file f @0 0+0 1:1 live",
                                                "config config.Env[0] 0+0 1:1 metadata"));
  EXPECT_EQ(truth.decoys[0].value_class, "bad-checksum");
  EXPECT_EQ(truth.decoys[0].why, "w");
}

TEST(TruthDocument, HasTheContractsMembers) {
  const SmallFixture fixture{
      .dockerfile = "FROM scratch\nCOPY f /\n",
      .files = {{"f", "{{github-pat:deploy}}"}},
      .rows = Leaks(R"({"secret": "github-pat:deploy", "carrier": "file"})")};
  const Truth truth = fixture.Made("buildkit-0.25", "docker-28");
  const auto hidden = nlohmann::json::parse(TruthDocument(truth, false));
  EXPECT_EQ(hidden["schema"], "watertight.truth/1");
  EXPECT_EQ(hidden["clean"], false);
  EXPECT_EQ(hidden["expect"], nullptr);
  const auto& leak = hidden["leaks"][0];
  EXPECT_EQ(leak["path"], "f");
  EXPECT_EQ(leak["field"], nullptr);
  EXPECT_EQ(leak["end_column"], 41);
  EXPECT_EQ(leak["value_sha256"], Sha256Hex(truth.planted[0].planted.value));
  EXPECT_FALSE(leak.contains("value"));
  EXPECT_FALSE(leak.contains("why"));
  EXPECT_FALSE(hidden["planted"][0].contains("value"));
  const auto shown = nlohmann::json::parse(TruthDocument(truth, true));
  EXPECT_EQ(shown["leaks"][0]["value"], truth.planted[0].planted.value);
  EXPECT_EQ(shown["planted"][0]["name"], "deploy");
  EXPECT_EQ(fixture.Made("buildkit-0.25", "oci-dir").archive_sha256, "");
}

}  // namespace
}  // namespace watertight::generator
