#include "bench/accuracy/score/image_score.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "bench/accuracy/score/matching.h"

namespace watertight::bench {
namespace {

constexpr std::string_view kDebatable[] = {"expired-public", "hash-like", "package-test-key",
                                           "snakeoil"};

struct Edge {
  int finding;
  Evidence evidence;
  bool classified;
};
// For each label, the findings that touch it, best first.
using Edges = std::vector<std::vector<Edge>>;

Edges EdgesOf(const std::vector<Label>& labels, const std::vector<Finding>& findings,
              LayerRule layers) {
  Edges edges(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (std::size_t j = 0; j < findings.size(); ++j) {
      const auto evidence = Touches(findings[j], labels[i], layers);
      if (!evidence) continue;
      edges[i].push_back({static_cast<int>(j), *evidence, FamilyFits(findings[j], labels[i])});
    }
    std::stable_sort(edges[i].begin(), edges[i].end(), [](const Edge& a, const Edge& b) {
      return std::tuple(a.evidence, !a.classified) < std::tuple(b.evidence, !b.classified);
    });
  }
  return edges;
}

// The topmost layer first: a finding without a layer stands for the topmost place that is left.
std::vector<std::size_t> TopmostFirst(const std::vector<Label>& labels) {
  std::vector<std::size_t> order(labels.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&labels](std::size_t a, std::size_t b) {
    return labels[a].layer > labels[b].layer;
  });
  return order;
}

std::vector<LabelOutcome> Assign(const std::vector<Label>& labels,
                                 const std::vector<Finding>& findings, const Edges& edges,
                                 const std::vector<bool>& taken) {
  const std::vector<std::size_t> order = TopmostFirst(labels);
  std::vector<std::vector<int>> candidates;
  for (const std::size_t i : order) {
    candidates.emplace_back();
    for (const Edge& edge : edges[i]) {
      if (!taken[static_cast<std::size_t>(edge.finding)]) candidates.back().push_back(edge.finding);
    }
  }
  const std::vector<int> assigned = MaximalMatching(candidates, static_cast<int>(findings.size()));
  std::vector<LabelOutcome> outcomes(labels.size());
  for (std::size_t i = 0; i < labels.size(); ++i) outcomes[i].label = &labels[i];
  for (std::size_t at = 0; at < order.size(); ++at) {
    const int finding = assigned[at];
    if (finding == kUnassigned) continue;
    LabelOutcome& outcome = outcomes[order[at]];
    outcome.found = true;
    outcome.finding = finding;
    outcome.names_layer = findings[static_cast<std::size_t>(finding)].names_layer();
    for (const Edge& edge : edges[order[at]]) {
      if (edge.finding == finding) outcome.evidence = edge.evidence;
      outcome.classified = outcome.classified || edge.classified;
    }
  }
  return outcomes;
}

void MarkMatched(const std::vector<LabelOutcome>& outcomes, FindingClass kind, ImageScore* score,
                 std::vector<bool>* taken) {
  for (const LabelOutcome& outcome : outcomes) {
    if (!outcome.finding) continue;
    const auto at = static_cast<std::size_t>(*outcome.finding);
    score->findings[at] = {kind, outcome.label};
    (*taken)[at] = true;
  }
}

// The rest of the findings that touch a label which was found.
void MarkRest(const Edges& edges, FindingClass kind, std::vector<LabelOutcome>* outcomes,
              ImageScore* score, std::vector<bool>* taken) {
  for (std::size_t i = 0; i < edges.size(); ++i) {
    LabelOutcome& outcome = (*outcomes)[i];
    if (!outcome.found) continue;
    ++outcome.alerts;
    for (const Edge& edge : edges[i]) {
      const auto at = static_cast<std::size_t>(edge.finding);
      if ((*taken)[at]) continue;
      score->findings[at] = {kind, outcome.label};
      (*taken)[at] = true;
      ++outcome.alerts;
    }
  }
}

void MarkMisplaced(const LabelledImage& image, const std::vector<Finding>& findings,
                   ImageScore* score, const std::vector<bool>& taken) {
  for (std::size_t j = 0; j < findings.size(); ++j) {
    for (const Label& leak : image.leaks) {
      FindingOutcome& outcome = score->findings[j];
      if (taken[j] || outcome.kind == FindingClass::kWrongLayer) break;
      if (Touches(findings[j], leak, LayerRule::kIgnored)) {
        outcome = {FindingClass::kWrongLayer, &leak};
      } else if (outcome.label == nullptr && SharesValue(findings[j], leak)) {
        outcome = {FindingClass::kElsewhere, &leak};
      }
    }
  }
}

}  // namespace

const char* ToString(FindingClass kind) {
  constexpr const char* kNames[] = {"matched",     "duplicate", "decoy", "unscored",
                                    "wrong-layer", "elsewhere", "stray"};
  return kNames[static_cast<std::size_t>(kind)];
}

int ImageScore::Count(FindingClass kind) const {
  return static_cast<int>(
      std::count_if(findings.begin(), findings.end(),
                    [kind](const FindingOutcome& outcome) { return outcome.kind == kind; }));
}

bool IsDebatable(const Label& decoy) {
  return std::find(std::begin(kDebatable), std::end(kDebatable), decoy.kind_class) !=
         std::end(kDebatable);
}

ImageScore ScoreImage(const LabelledImage& image, const std::vector<Finding>& findings) {
  ImageScore score;
  score.findings.resize(findings.size());
  std::vector<bool> taken(findings.size(), false);

  const Edges on_leaks = EdgesOf(image.leaks, findings, LayerRule::kMustAgree);
  score.leaks = Assign(image.leaks, findings, on_leaks, taken);
  MarkMatched(score.leaks, FindingClass::kMatched, &score, &taken);
  MarkRest(on_leaks, FindingClass::kDuplicate, &score.leaks, &score, &taken);

  const Edges on_decoys = EdgesOf(image.decoys, findings, LayerRule::kMustAgree);
  score.decoys = Assign(image.decoys, findings, on_decoys, taken);
  MarkMatched(score.decoys, FindingClass::kDecoy, &score, &taken);
  MarkRest(on_decoys, FindingClass::kDecoy, &score.decoys, &score, &taken);
  for (FindingOutcome& outcome : score.findings) {
    if (outcome.kind == FindingClass::kDecoy && IsDebatable(*outcome.label)) {
      outcome.kind = FindingClass::kUnscored;
    }
  }
  MarkMisplaced(image, findings, &score, taken);
  return score;
}

}  // namespace watertight::bench
