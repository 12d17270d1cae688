// The mean rank of each tool over the channels, and by how much two have to differ.

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "bench/accuracy/score/friedman.h"
#include "bench/accuracy/score/score.h"

namespace watertight::bench {
namespace {

// A cell of fewer distinct leaks says little.
constexpr int kFewest = 10;

const Proportion* RecallIn(const ToolScore& tool, const std::string& channel) {
  for (const Group& group : tool.By("channel").groups) {
    if (group.name == channel) return &group.block.instances;
  }
  return nullptr;
}

// The recall of each tool in a channel; empty where one of them has too few leaks.
std::vector<double> CellOf(const std::vector<const ToolScore*>& tools, const std::string& channel) {
  std::vector<double> recalls;
  for (const ToolScore* tool : tools) {
    const Proportion* recall = RecallIn(*tool, channel);
    if (recall == nullptr || recall->distinct() < kFewest) return {};
    recalls.push_back(*recall->value());
  }
  return recalls;
}

Ranking RankingOf(const std::string& view, const std::string& configuration,
                  const std::vector<const ToolScore*>& tools) {
  Ranking ranking;
  ranking.view = view;
  ranking.configuration = configuration;
  std::vector<std::vector<double>> cells;
  for (const Group& group : tools.front()->By("channel").groups) {
    std::vector<double> cell = CellOf(tools, group.name);
    if (!cell.empty()) cells.push_back(std::move(cell));
  }
  ranking.cells = cells.size();
  if (cells.empty()) return ranking;
  const FriedmanTest test = Friedman(cells);
  ranking.chi_squared = test.chi_squared;
  ranking.p = test.p;
  ranking.critical_difference = CriticalDifference(tools.size(), cells.size());
  for (std::size_t i = 0; i < tools.size(); ++i) {
    ranking.ranks.push_back({tools[i]->id, test.mean_ranks[i]});
  }
  std::stable_sort(ranking.ranks.begin(), ranking.ranks.end(),
                   [](const MeanRank& a, const MeanRank& b) { return a.rank < b.rank; });
  return ranking;
}

}  // namespace

std::vector<Ranking> RankTools(const std::vector<ToolScore>& tools) {
  std::map<std::pair<std::string, std::string>, std::vector<const ToolScore*>> alike;
  for (const ToolScore& tool : tools) {
    if (!tool.headline || tool.own || tool.names_alone) continue;
    alike[{tool.run().view, tool.run().configuration}].push_back(&tool);
  }
  std::vector<Ranking> rankings;
  for (const auto& [name, group] : alike) {
    if (group.size() < 2) continue;
    Ranking ranking = RankingOf(name.first, name.second, group);
    if (ranking.cells > 0) rankings.push_back(std::move(ranking));
  }
  return rankings;
}

}  // namespace watertight::bench
