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
    scored->missing = run.state == RunState::kNotRun;
  } else if (scored->result == nullptr) {
    scored->reason = "no result";
    scored->missing = true;
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

void AddMissingSeed(const Corpus& corpus, ToolScore* tool) {
  for (const LabelledImage& image : corpus.images) {
    ScoredImage scored;
    scored.corpus = &corpus;
    scored.image = &image;
    scored.reason = "no run of the seed";
    scored.missing = true;
    tool->images.push_back(std::move(scored));
  }
}

void ReplaceAll(const std::string& part, const std::string& by, std::string* text) {
  if (part.empty()) return;
  for (std::size_t at = text->find(part); at != std::string::npos;
       at = text->find(part, at + by.size())) {
    text->replace(at, part.size(), by);
  }
}

// So that a reason names no folder of a machine, and is the same for all images that share it:
// paths begin below the work folder, and the image is ARCHIVE and FIXTURE.
std::string WithoutPlaces(std::string text, const ScoredImage& scored) {
  constexpr const char* kWorkFolders[] = {"catalogue", "canaries", "views",
                                          "runs",      "scratch",  "home"};
  for (const char* folder : kWorkFolders) {
    const std::string name = std::string("/") + folder + "/";
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      const std::size_t before = text.find_last_of(" \t\n\"'=(,:", at);
      const std::size_t begin = before == std::string::npos ? 0 : before + 1;
      text.erase(begin, at + name.size() - begin);
      const std::string seed = scored.corpus->seed + "/";
      if (text.compare(begin, seed.size(), seed) == 0) text.erase(begin, seed.size());
      at = begin;
    }
  }
  ReplaceAll(scored.image->file, "ARCHIVE", &text);
  ReplaceAll(scored.image->fixture, "FIXTURE", &text);
  return text;
}

void CountStates(ToolScore* tool) {
  std::map<std::pair<RunState, std::string>, StateReason> reasons;
  for (const ScoredImage& scored : tool->images) {
    if (scored.state == RunState::kOk) {
      ++tool->ok;
      continue;
    }
    ++(scored.state == RunState::kError ? tool->errors : tool->not_run);
    if (scored.missing) ++tool->missing;
    const std::string text = WithoutPlaces(WithoutValues(scored.reason, *scored.image), scored);
    StateReason& reason = reasons[{scored.state, text}];
    if (reason.images == 0) reason = {scored.state, text, scored.image->file, 0};
    ++reason.images;
  }
  for (auto& [key, reason] : reasons) tool->reasons.push_back(std::move(reason));
  std::stable_sort(tool->reasons.begin(), tool->reasons.end(),
                   [](const auto& a, const auto& b) { return a.images > b.images; });
  const int errors = tool->errors - tool->unread;
  tool->headline =
      tool->ok > 0 && tool->missing == 0 && errors <= kMostErrors * (tool->ok + errors);
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
    for (const Corpus& corpus : work.corpora) {
      const bool has_run = std::any_of(runs.begin(), runs.end(), [&corpus](const ScannerRun* run) {
        return run->seed == corpus.seed;
      });
      if (!has_run) AddMissingSeed(corpus, &tool);
    }
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
