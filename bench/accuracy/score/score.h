// The scores of scanners on all seeds.
//
//   const Work work = ReadWork("work");
//   const Score score = ScoreWork(work, "watertight");
//   for (const ToolScore& tool : score.tools) … tool.total.instances.value() …

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/accuracy/score/corpus.h"
#include "bench/accuracy/score/image_score.h"
#include "bench/accuracy/score/scanner_run.h"
#include "bench/accuracy/score/statistics.h"

namespace watertight::bench {

struct Work {
  std::vector<Corpus> corpora;   // by seed
  std::vector<ScannerRun> runs;  // by scanner, configuration, view, seed
};

// WORK/catalogue and WORK/runs. Throws: Error, kIo, kBadJson; kInconsistent when a run is of
// another catalogue, or a result of another archive.
Work ReadWork(const std::string& folder);

struct ScoredImage {
  const Corpus* corpus = nullptr;
  const LabelledImage* image = nullptr;
  const ImageResult* result = nullptr;  // null: the run has no line for it
  RunState state = RunState::kNotRun;
  bool missing = false;  // no result: no scanner, no run of the seed, or one that ended before it
  std::string reason;
  ImageScore score;  // of state kOk alone
};

// Counts over labels of images in state kOk. Units are the labels that are distinct over seeds and
// layouts, and of bundles and values likewise.
struct Block {
  Proportion instances;   // leaks found ÷ leaks
  Proportion distinct;    // values found somewhere ÷ values
  Proportion bundles;     // with a part that was found ÷ bundles
  Proportion complete;    // with all parts found ÷ bundles of several parts
  Proportion classified;  // with a rule for the kind ÷ leaks found
  Proportion layers;      // the right layer ÷ findings on leaks that name one
  Proportion decoys;      // reported ÷ decoys
  int alerts = 0;         // findings on leaks that were found
  int reported = 0;       // distinct leaks and decoys that were found somewhere

  // Leaks found ÷ leaks found and decoys reported. It depends on how many of each were planted.
  Proportion precision() const;
};

struct Group {
  std::string name;
  Block block;
};

// One way to divide the labels: by channel, by carrier, …
struct Dimension {
  std::string name;
  std::vector<Group> groups;              // by name
  std::optional<double> macro_recall;     // mean over groups with leaks
  std::optional<double> macro_precision;  // mean over groups with leaks or decoys reported
};

struct Miss {
  const LabelledImage* image = nullptr;
  const Label* leak = nullptr;
  std::vector<std::string> seeds;  // where it was missed
  std::string cause;               // "layout", "carrier", "encoding", "kind", "place", …
  std::string because;             // in words; holds no value
};

struct StateReason {
  RunState state = RunState::kError;
  std::string reason;
  std::string example;  // the name of an archive
  int images = 0;
};

struct CostPoint {
  std::uint64_t bytes = 0;  // of archives of about that size
  double seconds = 0;       // their median
  int images = 0;
};

// A scanner in one configuration and view, over all seeds.
struct ToolScore {
  std::string id;  // "trivy.best.image"
  std::vector<const ScannerRun*> runs;
  std::vector<ScoredImage> images;
  bool own = false;          // ours: listed apart, never ranked
  bool names_alone = false;  // reads no contents: its own table
  // None is missing, at most 2 % of the images in layouts that it reads are errors, and some are
  // not.
  bool headline = false;
  int ok = 0;
  int errors = 0;
  int unread =
      0;  // of these errors, images in a layout that it does not read, while it reads others
  int not_run = 0;
  int missing = 0;  // of these not run, images without a result, seeds without a run included
  std::vector<StateReason> reasons;
  std::vector<std::string> not_read;  // carriers whose canary was not seen, with the layout
  Block total;                        // of what is scored
  Block informative;                  // password hashes
  std::optional<Spread> seeds;        // of the recall
  std::vector<Dimension> dimensions;
  Proportion pairs;                  // leak found and twin silent about it ÷ pairs
  std::array<int, 7> findings = {};  // by FindingClass
  double megabytes = 0;              // of the images in state kOk
  std::optional<double> median_seconds;
  double total_seconds = 0;
  std::uint64_t peak_memory = 0;
  std::vector<CostPoint> cost;
  std::vector<Miss> misses;

  const ScannerRun& run() const { return *runs.front(); }
  const Dimension& By(const std::string& name) const;
};

// Two tools on the labels that both could read. Counted are distinct ones; one that is found in
// more than half of its seeds and layouts is found.
struct Comparison {
  std::string a;
  std::string b;
  std::string question;  // "tools", "configurations"
  int both = 0;
  int only_a = 0;
  int only_b = 0;
  int neither = 0;
  McNemarTest test;
  double corrected_p = 1;  // Holm's, among all of the same question
  std::optional<double> difference;
  std::optional<Spread> seeds;  // of the difference
};

struct MeanRank {
  std::string tool;
  double rank = 0;  // 1 is the best
};

// Tools of one view and configuration over the channels: Friedman's test, and Nemenyi's critical
// difference.
struct Ranking {
  std::string view;
  std::string configuration;
  std::size_t cells = 0;        // channels with enough leaks for all of them
  std::vector<MeanRank> ranks;  // the best first
  double chi_squared = 0;
  double p = 1;
  std::optional<double> critical_difference;  // those that differ by less are not told apart
};

// What the data shows about how a tool reads images.
struct Difference {
  std::string tool;
  std::string text;
};

struct Score {
  std::string own;
  std::vector<ToolScore> tools;  // by id
  std::vector<Comparison> comparisons;
  std::vector<Ranking> rankings;
  std::vector<Difference> differences;
};

// Requires: work outlives the score.
Score ScoreWork(const Work& work, const std::string& own);

// The names of the dimensions, in the order of reports.
std::vector<std::string> DimensionNames();
// The group of a label in the dimension of that name: "file" of "carrier".
std::string GroupOf(const std::string& dimension, const ScoredImage& image, const Label& label);
// "basic", "encoding", "archive", "beyond-rootfs", "exotic", "path", or "test-path", which is no
// part of totals.
std::string TierOf(const Label& label);
// The same for a leak in each layout of one builder, at one seed; ids are counted in each archive.
std::string PlaceName(const LabelledImage& image, const Label& label);
// Whether what a scanner gets in the view ("image", "layers", "rootfs") holds the label at all: a
// folder has no headers of a tar, and the merged tree nothing but what a container shows.
bool IsInView(const std::string& view, const Label& label);
// Whether a leak counts in totals.
bool IsScored(const Label& leak);

// Steps of ScoreWork, each in a file of its own.
void Aggregate(ToolScore* tool);
void ExplainMisses(ToolScore* tool);
std::vector<Comparison> Compare(const std::vector<ToolScore>& tools);
std::vector<Ranking> RankTools(const std::vector<ToolScore>& tools);
std::vector<Difference> FindDifferences(const std::vector<ToolScore>& tools);

}  // namespace watertight::bench
