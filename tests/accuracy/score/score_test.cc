// Works made by hand: one image of one seed, and what a scanner that does not exist said of it.

#include "bench/accuracy/score/score.h"

#include <gmock/gmock.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "bench/accuracy/score/reports.h"
#include "bench/accuracy/score/tables.h"
#include "tests/accuracy/score/labelled.h"

namespace watertight::bench {
namespace {

using testing::ElementsAre;

ImageResult ResultFor(const LabelledImage& image, std::vector<Finding> findings) {
  ImageResult result;
  result.fixture = image.fixture;
  result.builder = image.builder;
  result.archive = image.archive;
  result.archive_sha256 = image.sha256;
  result.state = RunState::kOk;
  result.findings = std::move(findings);
  return result;
}

// Runs of scanner.default.VIEW, one for each seed; all images of a seed have these findings.
Work WorkOf(const LabelledImage& image, const std::string& view,
            const std::vector<std::string>& seeds, const std::vector<Finding>& findings) {
  Work work;
  for (const std::string& seed : seeds) {
    Corpus corpus;
    corpus.seed = seed;
    corpus.images = {image};
    work.corpora.push_back(corpus);
    ScannerRun run;
    run.scanner = "scanner";
    run.configuration = "default";
    run.view = view;
    run.seed = seed;
    run.environment = "{}";
    run.tells_line = true;
    run.images = {ResultFor(image, findings)};
    work.runs.push_back(run);
  }
  return work;
}

// The column of each line below the header; no cell of SmallImage needs quotes.
std::vector<std::string> ColumnOf(const std::string& csv, const std::string& name) {
  std::istringstream lines(csv);
  std::vector<std::string> column;
  std::size_t at = 0;
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> cells;
    std::istringstream text(line.substr(0, line.find('\r')));
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    if (column.empty()) {
      while (at < cells.size() && cells[at] != name) ++at;
    }
    column.push_back(cells.at(at));
  }
  column.erase(column.begin());
  return column;
}

TEST(LabelsCsv, TellsOfTheLabelsInTheViewWhatTheTotalsCount) {
  LabelledImage image = SmallImage();
  // A container shows leaks 1 and 3 and the decoy; 0 and 2, before each of the two, are
  // overwritten, and 4 is in the history.
  image.leaks[2].visibility = "overwritten";
  const Work work = WorkOf(image, "rootfs", {"s"}, {Exactly(image.leaks[3])});
  const Score score = ScoreWork(work, "");
  const std::string csv = LabelsCsv(score);
  EXPECT_THAT(ColumnOf(csv, "label"), ElementsAre("copy/small#2", "copy/small#4", "copy/small!1"));
  EXPECT_THAT(ColumnOf(csv, "found"), ElementsAre("0", "1", "0"));
  EXPECT_EQ(score.tools[0].total.instances.hits, 1);
  EXPECT_EQ(score.tools[0].total.instances.of, 2);
}

TEST(LabelsCsv, HasNoOutcomeOfAnImageThatIsAnError) {
  const LabelledImage image = SmallImage();
  Work work = WorkOf(image, "image", {"s"}, {});
  work.runs[0].images[0].state = RunState::kError;
  EXPECT_THAT(ColumnOf(LabelsCsv(ScoreWork(work, "")), "found"),
              ElementsAre("", "", "", "", "", ""));
}

TEST(Units, AreCountedOverSeedsOnce) {
  const LabelledImage image = SmallImage();
  const Work work = WorkOf(image, "image", {"r", "s", "t"}, {Exactly(image.leaks[2])});
  const Score score = ScoreWork(work, "");
  const Block& total = score.tools[0].total;
  EXPECT_EQ(total.instances.hits, 3);
  EXPECT_EQ(total.instances.of, 15);
  EXPECT_EQ(total.instances.units, 5);
  EXPECT_EQ(total.decoys.units, 1);
  EXPECT_EQ(total.bundles.units, 3);
  EXPECT_EQ(total.classified.units, 1);
  EXPECT_EQ(total.precision().units, 1);
  EXPECT_NE(ScoreMarkdown(work, score).find("20.0 % [3.6–62.4], n = 5 × 3"), std::string::npos)
      << "Wilson's interval of 1 of 5";
}

// The same secret in two layers: the order of layers tells the one from the other, not their ids.
TEST(Units, DoNotFollowIds) {
  const LabelledImage image = SmallImage();
  EXPECT_NE(image.leaks[0].unit, image.leaks[1].unit);
  EXPECT_EQ(image.leaks[0].unit.find("copy/small#"), std::string::npos);
  EXPECT_NE(image.leaks[2].unit, image.leaks[3].unit);
  EXPECT_NE(image.leaks[0].unit, image.decoys[0].unit);
}

// Leak 2 is found by A at two of three seeds and by B at one.
TEST(Comparisons, CountALabelOnceByMostOfItsSeeds) {
  const LabelledImage image = SmallImage();
  Work work = WorkOf(image, "image", {"r", "s", "t"}, {Exactly(image.leaks[2])});
  work.runs[2].images[0].findings.clear();
  std::vector<ScannerRun> other = work.runs;
  for (ScannerRun& run : other) run.scanner = "tool";
  other[1].images[0].findings.clear();
  work.runs.insert(work.runs.end(), other.begin(), other.end());
  const Score score = ScoreWork(work, "");
  ASSERT_EQ(score.comparisons.size(), 1U);
  const Comparison& one = score.comparisons[0];
  EXPECT_THAT((std::vector<int>{one.both, one.only_a, one.only_b, one.neither}),
              ElementsAre(0, 1, 0, 4));
  EXPECT_EQ(one.test.p, 1);
}

TEST(Headline, NeedsARunOfEachSeedWithEachImage) {
  const LabelledImage image = SmallImage();
  Work work = WorkOf(image, "image", {"r", "s"}, {Exactly(image.leaks[2])});
  EXPECT_TRUE(ScoreWork(work, "").tools[0].headline);
  Work cut = work;
  cut.runs[1].images.clear();
  work.runs.pop_back();
  for (const Work& one : {cut, work}) {
    const Score score = ScoreWork(one, "");
    EXPECT_FALSE(score.tools[0].headline);
    EXPECT_EQ(score.tools[0].not_run, 1);
    EXPECT_EQ(score.tools[0].missing, 1);
    EXPECT_EQ(WhyNoRow(score.tools[0]), "not complete: 1 of 2 images have no result");
    EXPECT_TRUE(score.rankings.empty());
  }
}

// A view that cannot be made is a fact of the image, and the same for all scanners.
TEST(Headline, IsNotLostToAViewThatCannotBeMade) {
  const LabelledImage image = SmallImage();
  Work work = WorkOf(image, "image", {"r", "s"}, {});
  work.runs[1].images[0].state = RunState::kNotRun;
  const Score score = ScoreWork(work, "");
  EXPECT_TRUE(score.tools[0].headline);
  EXPECT_EQ(score.tools[0].not_run, 1);
}

TEST(Reasons, NameNoFolderAndAreOnePerKind) {
  LabelledImage image = SmallImage();
  image.file = "copy.small.tar";
  Work work = WorkOf(image, "image", {"r", "s"}, {});
  work.runs[0].images[0].state = RunState::kNotRun;
  work.runs[0].images[0].reason =
      "no view: docker:/home/me/w/catalogue/r/copy.small.tar:x/copy/small:1";
  work.runs[1].images[0].state = RunState::kNotRun;
  work.runs[1].images[0].reason = "no view: docker:/tmp/catalogue/s/copy.small.tar:x/copy/small:1";
  const Score score = ScoreWork(work, "");
  ASSERT_EQ(score.tools[0].reasons.size(), 1U);
  EXPECT_EQ(score.tools[0].reasons[0].reason, "no view: docker:ARCHIVE:x/FIXTURE:1");
  EXPECT_EQ(score.tools[0].reasons[0].images, 2);
}

TEST(RightLayer, IsOfTheViewInWhichTheScannerNamesIt) {
  const LabelledImage image = SmallImage();
  const std::vector<Finding> findings = {Exactly(image.leaks[2])};
  const Work archive = WorkOf(image, "image", {"s"}, findings);
  EXPECT_EQ(ScoreWork(archive, "").tools[0].total.layers.of, 1);
  for (const char* view : {"layers", "rootfs"}) {
    const Work folders = WorkOf(image, view, {"s"}, findings);
    EXPECT_EQ(ScoreWork(folders, "").tools[0].total.layers.of, 0) << view;
  }
}

// The pair of SmallImage and one without labels; the stray finding is in the latter.
Proportion PairsWithStray(const std::string& stray) {
  LabelledImage image = SmallImage();
  image.twin = "copy/twin";
  Work work = WorkOf(image, "image", {"s"}, {Exactly(image.leaks[2])});
  LabelledImage twin = image;
  twin.fixture = "copy/twin";
  twin.clean = true;
  twin.twin.clear();
  twin.leaks.clear();
  twin.decoys.clear();
  work.corpora[0].images.push_back(twin);
  work.runs[0].images.push_back(ResultFor(twin, {FindingOf(stray)}));
  return ScoreWork(work, "").tools[0].pairs;
}

TEST(Pairs, AreLostToAnAlarmWhereTheLeakWouldBeAlone) {
  EXPECT_EQ(PairsWithStray("{'carrier': 'file', 'path': 'etc/motd', 'line': 1}").hits, 1);
  const Proportion lost = PairsWithStray("{'carrier': 'file', 'path': 'srv/b.env', 'line': 9}");
  EXPECT_EQ(lost.hits, 0);
  EXPECT_EQ(lost.of, 1);
}

TEST(Comparisons, HaveATrueMinus) {
  Score score;
  Comparison one;
  one.question = "tools";
  one.difference = -0.28;
  one.seeds = Spread{{-0.28, -0.278}, 20, true};
  score.comparisons = {one};
  one.difference = -0.0001;
  one.seeds = Spread{{-0.01, 0.02}, 2, false};
  score.comparisons.push_back(one);
  const Table table = Comparisons(score, "tools");
  EXPECT_EQ(table.rows[0][5], "−28.0 %");
  EXPECT_EQ(table.rows[0][6], "−28.0 to −27.8");
  EXPECT_EQ(table.rows[1][5], "0.0 %");
  EXPECT_EQ(table.rows[1][6], "−1.0 to 2.0 (min–max of 2 seeds)");
}

// The better one is of the view that comes later.
TEST(Ranked, IsByViewFirst) {
  const LabelledImage image = SmallImage();
  Work work = WorkOf(image, "rootfs", {"s"}, {Exactly(image.leaks[2])});
  work.runs.push_back(work.runs[0]);
  work.runs[1].view = "image";
  const Score score = ScoreWork(work, "");
  std::vector<std::string> ids;
  for (const ToolScore* tool : Ranked(score)) ids.push_back(tool->id);
  EXPECT_THAT(ids, ElementsAre("scanner.default.image", "scanner.default.rootfs"));
}

}  // namespace
}  // namespace watertight::bench
