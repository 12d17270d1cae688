#include "bench/accuracy/score/image_score.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "bench/accuracy/score/read_work.h"
#include "tests/accuracy/score/labelled.h"

namespace watertight::bench {
namespace {

using testing::ElementsAre;

std::vector<bool> Found(const ImageScore& score) {
  std::vector<bool> found;
  for (const LabelOutcome& leak : score.leaks) found.push_back(leak.found);
  return found;
}

std::vector<Finding> Perfect(const LabelledImage& image) {
  std::vector<Finding> findings;
  for (const Label& leak : image.leaks) findings.push_back(Exactly(leak));
  return findings;
}

TEST(FakeScanner, PerfectFindsAllAndAlarmsNobody) {
  const LabelledImage image = SmallImage();
  const ImageScore score = ScoreImage(image, Report(Perfect(image)));
  EXPECT_THAT(Found(score), ElementsAre(true, true, true, true, true));
  EXPECT_FALSE(score.decoys[0].found);
  EXPECT_EQ(score.Count(FindingClass::kMatched), 5);
  EXPECT_EQ(score.findings.size(), 5U);
  for (const LabelOutcome& leak : score.leaks) {
    EXPECT_TRUE(leak.classified);
    EXPECT_EQ(leak.evidence, Evidence::kValue);
    EXPECT_EQ(leak.alerts, 1);
  }
}

TEST(FakeScanner, EmptyFindsNothing) {
  const LabelledImage image = SmallImage();
  const ImageScore score = ScoreImage(image, {});
  EXPECT_THAT(Found(score), ElementsAre(false, false, false, false, false));
  EXPECT_TRUE(score.findings.empty());
}

TEST(FakeScanner, EverythingFlaggingAlarmsTheDecoyAndStrays) {
  const LabelledImage image = SmallImage();
  std::vector<Finding> findings = Perfect(image);
  findings.push_back(Exactly(image.decoys[0]));
  findings.push_back(
      FindingOf("{'carrier': 'file', 'path': 'etc/motd', 'value': 'some-other-text'}"));
  const ImageScore score = ScoreImage(image, Report(findings));
  EXPECT_EQ(score.Count(FindingClass::kMatched), 5);
  EXPECT_EQ(score.Count(FindingClass::kDecoy), 1);
  EXPECT_EQ(score.Count(FindingClass::kStray), 1);
  EXPECT_TRUE(score.decoys[0].found);
}

TEST(FakeScanner, DuplicatesStandForNothing) {
  const LabelledImage image = SmallImage();
  // The password of the second file three times, and none of the others.
  std::vector<Finding> findings(3, Exactly(image.leaks[2]));
  for (std::size_t i = 0; i < findings.size(); ++i) findings[i].canonical = std::to_string(i);
  const ImageScore score = ScoreImage(image, Report(findings));
  EXPECT_THAT(Found(score), ElementsAre(false, false, true, false, false));
  EXPECT_EQ(score.Count(FindingClass::kMatched), 1);
  EXPECT_EQ(score.Count(FindingClass::kDuplicate), 2);
  EXPECT_EQ(score.leaks[2].alerts, 3);
}

TEST(FakeScanner, OffByOneLayerHasWrongLayersAndNoHit) {
  const LabelledImage image = SmallImage();
  std::vector<Finding> findings = Perfect(image);
  for (Finding& finding : findings) {
    finding.diff_id.clear();
    if (finding.layer) finding.layer = *finding.layer + 1;
  }
  const ImageScore score = ScoreImage(image, Report(findings));
  // That of layer 1 is now said to be in layer 2, where the value is too: one hit. The history has
  // no layer.
  EXPECT_THAT(Found(score), ElementsAre(false, true, false, false, true));
  EXPECT_EQ(score.Count(FindingClass::kMatched), 2);
  EXPECT_EQ(score.Count(FindingClass::kWrongLayer), 3);
  EXPECT_EQ(score.Count(FindingClass::kStray), 0);
}

TEST(FakeScanner, WithoutLayersCoversTheTopmostPlaceOnce) {
  const LabelledImage image = SmallImage();
  const Finding finding =
      FindingOf("{'path': 'srv/a.env', 'line': 1, 'value': 'first-token-0001'}");
  EXPECT_THAT(Found(ScoreImage(image, {finding})), ElementsAre(false, true, false, false, false));
  EXPECT_THAT(Found(ScoreImage(image, {finding, finding})),
              ElementsAre(true, true, false, false, false));
  const ImageScore thrice = ScoreImage(image, {finding, finding, finding});
  EXPECT_EQ(thrice.Count(FindingClass::kDuplicate), 1);
}

TEST(FakeScanner, OneFindingOfALineStandsForOneOfItsLeaks) {
  const LabelledImage image = SmallImage();
  const Finding line = FindingOf("{'path': 'srv/b.env', 'layer': 2, 'line': 3}");
  EXPECT_EQ(ScoreImage(image, {line}).Count(FindingClass::kMatched), 1);
  const ImageScore two = ScoreImage(image, {line, line});
  EXPECT_THAT(Found(two), ElementsAre(false, false, true, true, false));
  EXPECT_FALSE(two.leaks[2].classified);
}

TEST(FakeScanner, ALeaksValueElsewhereIsNeitherHitNorStray) {
  const LabelledImage image = SmallImage();
  const ImageScore score = ScoreImage(
      image, {FindingOf("{'carrier': 'file', 'path': 'tmp/copy', 'value': 'second-secret-2'}")});
  EXPECT_EQ(score.Count(FindingClass::kElsewhere), 1);
  EXPECT_EQ(score.Count(FindingClass::kMatched), 0);
}

TEST(FakeScanner, ADebatableDecoyIsScoredNeitherWay) {
  LabelledImage image = SmallImage();
  image.decoys[0].kind_class = "snakeoil";
  const ImageScore score = ScoreImage(image, {Exactly(image.decoys[0])});
  EXPECT_EQ(score.Count(FindingClass::kUnscored), 1);
  EXPECT_EQ(score.Count(FindingClass::kDecoy), 0);
}

// A result line of the runner.
std::string ResultOf(const std::vector<std::string>& findings) {
  std::string text;
  for (const std::string& finding : findings) text += (text.empty() ? "" : ",") + finding;
  return R"({"fixture": "copy/small", "state": "ok", "findings": [)" + text + "]}";
}

TEST(ParseResult, KeepsTheReportsNumbers) {
  const ImageResult result =
      ParseResult(ResultOf({R"({"path": "c"})", R"({"path": "a"})", R"({"path": "b"})"}), "result");
  std::vector<std::string> told;
  for (const Finding& finding : result.findings) {
    told.push_back(finding.path + std::to_string(finding.number));
  }
  EXPECT_THAT(told, ElementsAre("a1", "b2", "c0"));
}

TEST(ScoreImage, DoesNotDependOnTheOrderOfFindings) {
  const LabelledImage image = SmallImage();
  std::vector<std::string> findings = {
      R"({"path": "srv/a.env", "line": 1, "family": "github-pat"})",
      R"({"path": "srv/a.env", "value": "first-token-0001"})",
      R"({"path": "srv/a.env", "layer": 1, "line": 1})",
      R"({"path": "srv/b.env", "line": 3})",
      R"({"path": "srv/b.env", "value": "third-secret-33", "line": 3})",
      R"({"path": "srv/b.env", "line": 3, "family": "password"})",
      R"({"path": "srv/b.env", "family": "generic-password"})",
      R"({"path": "srv/c.env", "line": 1})",
      R"({"path": "srv/c.env", "line": 1, "layer": 1})",
      R"({"carrier": "config", "value": "fourth-secret-4"})",
      R"({"path": "srv/d", "line": 1})"};
  const auto outcome = [&image](const std::vector<std::string>& order) {
    const ImageResult result = ParseResult(ResultOf(order), "result");
    const ImageScore score = ScoreImage(image, result.findings);
    std::vector<std::string> told;
    for (const LabelOutcome& leak : score.leaks) {
      told.push_back(leak.found ? result.findings[static_cast<std::size_t>(*leak.finding)].canonical
                                : "missed");
      told.push_back(leak.classified ? "right" : "wrong");
      told.push_back(std::to_string(leak.alerts));
    }
    for (std::size_t i = 0; i < score.findings.size(); ++i) {
      told.push_back(result.findings[i].canonical + ToString(score.findings[i].kind));
    }
    return told;
  };
  const std::vector<std::string> expected = outcome(findings);
  std::mt19937 random(20261130);
  for (int round = 0; round < 200; ++round) {
    std::shuffle(findings.begin(), findings.end(), random);
    EXPECT_EQ(outcome(findings), expected);
  }
}

}  // namespace
}  // namespace watertight::bench
