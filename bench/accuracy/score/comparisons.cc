// Pairs of tools, and configurations of one tool, on the labels that both could read.

#include <map>
#include <string>
#include <tuple>

#include "bench/accuracy/score/score.h"

namespace watertight::bench {
namespace {

// Labels of all seeds: (seed, archive, unit) -> found.
using Outcomes = std::map<std::tuple<std::string, std::string, std::string>, bool>;

Outcomes OutcomesOf(const ToolScore& tool) {
  Outcomes outcomes;
  for (const ScoredImage& image : tool.images) {
    if (image.state != RunState::kOk) continue;
    for (const LabelOutcome& leak : image.score.leaks) {
      if (IsScored(*leak.label)) {
        outcomes[{image.corpus->seed, image.image->file, leak.label->unit}] = leak.found;
      }
    }
  }
  return outcomes;
}

Comparison CompareTwo(const ToolScore& a, const Outcomes& of_a, const ToolScore& b,
                      const Outcomes& of_b) {
  Comparison comparison;
  comparison.a = a.id;
  comparison.b = b.id;
  using Pair = std::pair<Proportion, Proportion>;
  std::map<std::string, Pair> seeds;
  std::map<std::string, Pair> units;
  for (const auto& [label, found_by_a] : of_a) {
    const auto other = of_b.find(label);
    if (other == of_b.end()) continue;
    for (Pair* pair : {&seeds[std::get<0>(label)], &units[std::get<2>(label)]}) {
      pair->first.Count(found_by_a);
      pair->second.Count(other->second);
    }
  }
  for (const auto& [unit, trials] : units) {
    const bool by_a = IsFoundInMost(trials.first);
    const bool by_b = IsFoundInMost(trials.second);
    ++(by_a ? (by_b ? comparison.both : comparison.only_a)
            : (by_b ? comparison.only_b : comparison.neither));
  }
  comparison.test = McNemar(comparison.only_a, comparison.only_b);
  Proportion all_a;
  Proportion all_b;
  std::vector<Proportion> parts_a;
  std::vector<Proportion> parts_b;
  for (const auto& [seed, parts] : seeds) {
    all_a += parts.first;
    all_b += parts.second;
    parts_a.push_back(parts.first);
    parts_b.push_back(parts.second);
  }
  if (all_a.of > 0) comparison.difference = *all_a.value() - *all_b.value();
  comparison.seeds = DifferenceOverSeeds(parts_a, parts_b);
  return comparison;
}

// What the pair answers, or null: they differ in more than one thing.
const char* QuestionOf(const ToolScore& a, const ToolScore& b) {
  const ScannerRun& first = a.run();
  const ScannerRun& second = b.run();
  if (first.view != second.view || a.names_alone || b.names_alone) return nullptr;
  if (first.scanner == second.scanner) return "configurations";
  return first.configuration == second.configuration ? "tools" : nullptr;
}

void Correct(const std::string& question, std::vector<Comparison>* comparisons) {
  std::vector<double> p;
  for (const Comparison& comparison : *comparisons) {
    if (comparison.question == question) p.push_back(comparison.test.p);
  }
  const std::vector<double> corrected = Holm(p);
  std::size_t at = 0;
  for (Comparison& comparison : *comparisons) {
    if (comparison.question == question) comparison.corrected_p = corrected[at++];
  }
}

}  // namespace

std::vector<Comparison> Compare(const std::vector<ToolScore>& tools) {
  std::vector<Outcomes> outcomes;
  for (const ToolScore& tool : tools) outcomes.push_back(OutcomesOf(tool));
  std::vector<Comparison> comparisons;
  for (std::size_t i = 0; i < tools.size(); ++i) {
    for (std::size_t j = i + 1; j < tools.size(); ++j) {
      const char* question = QuestionOf(tools[i], tools[j]);
      if (question == nullptr) continue;
      comparisons.push_back(CompareTwo(tools[i], outcomes[i], tools[j], outcomes[j]));
      comparisons.back().question = question;
    }
  }
  for (const char* question : {"tools", "configurations"}) Correct(question, &comparisons);
  return comparisons;
}

}  // namespace watertight::bench
