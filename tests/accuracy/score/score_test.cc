// Works made by hand: one image of one seed, and what a scanner that does not exist said of it.

#include "bench/accuracy/score/score.h"

#include <gmock/gmock.h>

#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "bench/accuracy/score/reports.h"
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

}  // namespace
}  // namespace watertight::bench
