#include "bench/accuracy/score/score.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "bench/accuracy/score/read_work.h"
#include "watertight/error.h"

namespace watertight::bench {
namespace {

constexpr double kMostErrors = 0.02;

using ImageName = std::tuple<std::string, std::string, std::string>;

const Corpus* CorpusOf(const std::vector<Corpus>& corpora, const std::string& seed) {
  for (const Corpus& corpus : corpora) {
    if (corpus.seed == seed) return &corpus;
  }
  return nullptr;
}

void RefuseOtherDigests(const Work& work, const ScannerRun& run, const std::string& place) {
  const Corpus* corpus = CorpusOf(work.corpora, run.seed);
  if (corpus == nullptr) {
    throw Error(ErrorCode::kInconsistent, place + ": no catalogue has the seed " + run.seed);
  }
  if (run.catalogue_sha256 != corpus->catalogue_sha256) {
    throw Error(ErrorCode::kInconsistent,
                place + ": of another catalogue than that of the seed " + run.seed);
  }
  std::map<ImageName, const LabelledImage*> images;
  for (const LabelledImage& image : corpus->images) {
    images[{image.fixture, image.builder, image.archive}] = &image;
  }
  for (const ImageResult& result : run.images) {
    const auto found = images.find({result.fixture, result.builder, result.archive});
    if (found != images.end() && found->second->sha256 != result.archive_sha256) {
      throw Error(ErrorCode::kInconsistent,
                  place + ": of another archive than " + found->second->file + " of the catalogue");
    }
  }
}

// The live-file canary tells "found nothing" from "did not look".
bool MissedItsCanary(const ScannerRun& run, const LabelledImage& image) {
  if (run.reads_names_alone()) return false;
  return std::any_of(run.canaries.begin(), run.canaries.end(), [&image](const Canary& canary) {
    return canary.carrier == "file" && !canary.seen && canary.builder == image.builder &&
           canary.archive == image.archive;
  });
}

bool ReadsSomeLayout(const ScannerRun& run) {
  return std::any_of(run.canaries.begin(), run.canaries.end(),
                     [](const Canary& canary) { return canary.carrier == "file" && canary.seen; });
}

void SetState(const ScannerRun& run, ScoredImage* scored) {
  if (run.state != RunState::kOk) {
    scored->state = run.state;
    scored->reason = run.reason;
  } else if (scored->result == nullptr) {
    scored->reason = "no result";
  } else if (scored->result->state != RunState::kOk) {
    scored->state = scored->result->state;
    scored->reason = scored->result->reason;
  } else if (MissedItsCanary(run, *scored->image)) {
    scored->state = RunState::kError;
    scored->reason = "the canary in a file was not found in this layout";
  } else {
    scored->state = RunState::kOk;
  }
}

void KeepOfView(const std::string& view, std::vector<LabelOutcome>* outcomes) {
  std::erase_if(*outcomes,
                [&view](const LabelOutcome& outcome) { return !IsInView(view, *outcome.label); });
}

void AddRun(const Work& work, const ScannerRun& run, ToolScore* tool) {
  std::map<ImageName, const ImageResult*> results;
  for (const ImageResult& result : run.images) {
    results[{result.fixture, result.builder, result.archive}] = &result;
  }
  const Corpus* corpus = CorpusOf(work.corpora, run.seed);
  for (const LabelledImage& image : corpus->images) {
    ScoredImage scored;
    scored.corpus = corpus;
    scored.image = &image;
    const auto found = results.find({image.fixture, image.builder, image.archive});
    if (found != results.end()) scored.result = found->second;
    SetState(run, &scored);
    if (scored.state == RunState::kOk) {
      scored.score = ScoreImage(image, scored.result->findings);
      KeepOfView(run.view, &scored.score.leaks);
      KeepOfView(run.view, &scored.score.decoys);
    }
    if (scored.state == RunState::kError && MissedItsCanary(run, image) && ReadsSomeLayout(run)) {
      ++tool->unread;
    }
    tool->images.push_back(std::move(scored));
  }
  for (const Canary& canary : run.canaries) {
    if (canary.seen) continue;
    const std::string text = canary.carrier + " in " + canary.builder + "/" + canary.archive;
    if (std::find(tool->not_read.begin(), tool->not_read.end(), text) == tool->not_read.end()) {
      tool->not_read.push_back(text);
    }
  }
}

void CountStates(ToolScore* tool) {
  std::map<std::pair<RunState, std::string>, StateReason> reasons;
  for (const ScoredImage& scored : tool->images) {
    if (scored.state == RunState::kOk) {
      ++tool->ok;
      continue;
    }
    ++(scored.state == RunState::kError ? tool->errors : tool->not_run);
    const std::string text = WithoutValues(scored.reason, *scored.image);
    StateReason& reason = reasons[{scored.state, text}];
    if (reason.images == 0) reason = {scored.state, text, scored.image->file, 0};
    ++reason.images;
  }
  for (auto& [key, reason] : reasons) tool->reasons.push_back(std::move(reason));
  std::stable_sort(tool->reasons.begin(), tool->reasons.end(),
                   [](const auto& a, const auto& b) { return a.images > b.images; });
  const int errors = tool->errors - tool->unread;
  tool->headline = tool->ok > 0 && errors <= kMostErrors * (tool->ok + errors);
}

}  // namespace

Work ReadWork(const std::string& folder) {
  Work work;
  for (const std::string& seed : FoldersOf(folder + "/catalogue")) {
    work.corpora.push_back(ReadCorpus(folder + "/catalogue/" + seed));
  }
  for (const std::string& tool : FoldersOf(folder + "/runs")) {
    for (const std::string& seed : FoldersOf(folder + "/runs/" + tool)) {
      const std::string place = folder + "/runs/" + tool + "/" + seed;
      ScannerRun run = ReadScannerRun(place);
      RefuseOtherDigests(work, run, place);
      work.runs.push_back(std::move(run));
    }
  }
  if (work.runs.empty()) throw Error(ErrorCode::kNotFound, folder + ": no scanner has run");
  return work;
}

Score ScoreWork(const Work& work, const std::string& own) {
  Score score;
  score.own = own;
  std::map<std::string, std::vector<const ScannerRun*>> by_id;
  for (const ScannerRun& run : work.runs) {
    by_id[run.scanner + "." + run.configuration + "." + run.view].push_back(&run);
  }
  for (auto& [id, runs] : by_id) {
    ToolScore tool;
    tool.id = id;
    tool.runs = runs;
    tool.own = tool.run().scanner == own;
    tool.names_alone = tool.run().reads_names_alone();
    for (const ScannerRun* run : runs) AddRun(work, *run, &tool);
    CountStates(&tool);
    Aggregate(&tool);
    ExplainMisses(&tool);
    score.tools.push_back(std::move(tool));
  }
  score.comparisons = Compare(score.tools);
  score.rankings = RankTools(score.tools);
  score.differences = FindDifferences(score.tools);
  return score;
}

}  // namespace watertight::bench
