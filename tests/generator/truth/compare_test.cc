// Generating fails when the hand-written truth and the derived one differ.

#include <gmock/gmock.h>

#include "tests/generator/truth/small_fixture.h"

namespace watertight::generator {
namespace {

// Rows begin in the second line of fixture.json.
std::string ErrorOf(const std::string& rows) {
  const SmallFixture fixture{.dockerfile = "FROM scratch\nCOPY f g /d/\n",
                             .files = {{"f", "{{github-pat:deploy}}"}, {"g", "{{decoy.uuid:x}}"}},
                             .rows = rows};
  return fixture.ErrorOf("buildkit-0.25", "oci");
}

std::string At(const std::string& place, const std::string& message) {
  return "fixtures/c/n/fixture.json:" + place + ": " + message + " (buildkit-0.25, oci)";
}

constexpr const char* kLeak = R"({"secret": "github-pat:deploy", "carrier": "file")";
constexpr const char* kDecoy =
    R"({"secret": "decoy.uuid:x", "carrier": "file", "class": "uuid", "why": "w"})";

std::string Rows(const std::string& leak, const std::string& decoy = kDecoy) {
  return ",\n\"leaks\": [" + leak + "],\n\"decoys\": [" + decoy + "]";
}

TEST(CompareTruth, AcceptsRowsThatStateAllPlaces) {
  EXPECT_EQ(ErrorOf(Rows(std::string(kLeak) + "}")), "no error");
  EXPECT_EQ(ErrorOf(Rows(std::string(kLeak) + R"(, "step": 0, "path": "d/f", "count": 1})")),
            "no error");
}

TEST(CompareTruth, RefusesAPlaceWithoutARow) {
  EXPECT_EQ(ErrorOf(Rows("")),
            At("1:1", R"(no row states {"secret": "github-pat:deploy", "carrier": "file", )"
                      R"("path": "d/f", "visibility": "live"} in layer 0)"));
}

TEST(CompareTruth, RefusesARowWithoutAPlace) {
  EXPECT_EQ(ErrorOf(Rows(std::string(kLeak) + R"(, "path": "d/x"})")),
            At("2:11", R"(no place is as this row states; there are {"secret": )"
                       R"("github-pat:deploy", "carrier": "file", "path": "d/f", )"
                       R"("visibility": "live"} in layer 0)"));
  EXPECT_THAT(ErrorOf(Rows(std::string(kLeak) + R"(, "visibility": "deleted"})")),
              testing::StartsWith("fixtures/c/n/fixture.json:2:11: no place"));
  EXPECT_THAT(ErrorOf(Rows(std::string(kLeak) + R"(, "nested": ["m"]})")),
              testing::StartsWith("fixtures/c/n/fixture.json:2:11: no place"));
}

TEST(CompareTruth, RefusesAWrongCount) {
  EXPECT_EQ(ErrorOf(Rows(std::string(kLeak) + R"(, "count": 2})")),
            At("2:11", "1 places are as this row states, not 2"));
}

TEST(CompareTruth, RefusesStepsThatThereAreNot) {
  EXPECT_EQ(ErrorOf(Rows(std::string(kLeak) + R"(, "step": 1})")),
            At("2:11", "there is no step 1; there are 1, from 0"));
  EXPECT_EQ(ErrorOf(Rows(std::string(kLeak) + R"(, "step": 0, "base": "b"})")),
            At("2:11", "the image builds on no base \"b\""));
}

TEST(CompareTruth, TellsSecretsFromDecoys) {
  const std::string leak = std::string(kLeak) + "}";
  EXPECT_EQ(ErrorOf(Rows(leak + R"(, {"secret": "decoy.uuid:x", "carrier": "file"})")),
            At("2:63", "decoy.uuid:x is a decoy of class \"uuid\""));
  EXPECT_EQ(ErrorOf(Rows(leak, R"({"secret": "github-pat:deploy", "carrier": "file",
                                   "class": "uuid", "why": "w"})")),
            At("3:12", "github-pat:deploy is a secret and no decoy"));
  EXPECT_EQ(ErrorOf(Rows(leak, R"({"secret": "decoy.uuid:x", "carrier": "file",
                                   "class": "digest", "why": "w"})")),
            At("3:12", "decoy.uuid:x is of class \"uuid\""));
}

TEST(CompareTruth, TakesRowsOfOtherBuildersAndArchivesAsNotWritten) {
  const std::string leak = std::string(kLeak) + "}";
  EXPECT_EQ(ErrorOf(Rows(leak + ", " + kLeak + R"(, "path": "x", "builders": ["kaniko"]})")),
            "no error");
  EXPECT_EQ(ErrorOf(Rows(leak + ", " + kLeak + R"(, "path": "x", "archives": ["docker-*"]})")),
            "no error");
}

}  // namespace
}  // namespace watertight::generator
