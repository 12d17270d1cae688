// How a tool reads images, as far as its scores show it.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "bench/accuracy/score/score.h"

namespace watertight::bench {
namespace {

// Fewer leaks are no ground to say anything: that are found in one layout, and of which none is.
constexpr int kFewest = 10;
constexpr std::size_t kFewestNeverFound = 5;
constexpr double kMuchLess = 0.8;

std::string OfNumber(const Proportion& proportion) {
  return std::to_string(proportion.hits) + " of " + std::to_string(proportion.of);
}

// Distinct leaks that stand in archives of two writers, by (the one, the other): found in each.
using ByWriters = std::map<std::pair<std::string, std::string>, std::pair<Proportion, Proportion>>;

ByWriters CompareWriters(const ToolScore& tool) {
  std::map<std::string, std::map<std::string, Proportion>> leaks;  // by unit, archive
  for (const ScoredImage& image : tool.images) {
    for (const LabelOutcome& leak : image.score.leaks) {
      if (!IsScored(*leak.label)) continue;
      leaks[leak.label->unit][image.image->archive].Count(leak.found);
    }
  }
  ByWriters pairs;
  for (const auto& [unit, archives] : leaks) {
    for (const auto& [one, trials_in_one] : archives) {
      for (const auto& [other, trials_in_other] : archives) {
        if (one == other) continue;
        pairs[{one, other}].first.Count(IsFoundInMost(trials_in_one));
        pairs[{one, other}].second.Count(IsFoundInMost(trials_in_other));
      }
    }
  }
  return pairs;
}

void AddLayouts(const ToolScore& tool, std::vector<Difference>* differences) {
  for (const auto& [writers, found] : CompareWriters(tool)) {
    const auto& [one, other] = found;
    if (one.hits < kFewest || other.hits > kMuchLess * one.hits) continue;
    differences->push_back({tool.id, "depends on the archive's layout: finds " + OfNumber(one) +
                                         " leaks in " + writers.first + ", and " + OfNumber(other) +
                                         " of the same in " + writers.second});
  }
}

// Layouts whose live-file canary is not seen, beside those where it is.
void AddUnread(const ToolScore& tool, std::vector<Difference>* differences) {
  std::map<std::string, bool> layouts;
  for (const ScannerRun* run : tool.runs) {
    for (const Canary& canary : run->canaries) {
      if (canary.carrier == "file") layouts[canary.builder + "/" + canary.archive] |= canary.seen;
    }
  }
  std::string read;
  std::string unread;
  for (const auto& [layout, seen] : layouts) {
    std::string& list = seen ? read : unread;
    list += (list.empty() ? "" : ", ") + layout;
  }
  if (read.empty() || unread.empty() || tool.names_alone) return;
  differences->push_back({tool.id, "does not read the layout " + unread + ": a token in a live " +
                                       "file is not found there, and is found in " + read});
}

// A token in a live file is seen, but not when an earlier CMD comes behind it in the history.
void AddBaseCanary(const ToolScore& tool, std::vector<Difference>* differences) {
  std::map<std::string, std::map<std::string, bool>> seen;  // by layout, carrier
  for (const ScannerRun* run : tool.runs) {
    for (const Canary& canary : run->canaries) {
      seen[canary.builder + "/" + canary.archive][canary.carrier] |= canary.seen;
    }
  }
  for (const auto& [layout, carriers] : seen) {
    const auto base = carriers.find("base-layer");
    const auto file = carriers.find("file");
    if (base == carriers.end() || file == carriers.end() || base->second || !file->second) continue;
    differences->push_back(
        {tool.id, "takes layers up to an earlier CMD for the base's and skips them: in " + layout +
                      " a token in a live file is found above it, not below"});
  }
}

// Both fixtures hold a key in a layer of the base: above its last CMD, and below.
void AddBaseEnd(const ToolScore& tool, std::vector<Difference>* differences) {
  std::map<std::string, Proportion> found;
  for (const ScoredImage& image : tool.images) {
    for (const LabelOutcome& leak : image.score.leaks)
      found[image.image->fixture].Count(leak.found);
  }
  const Proportion above = found["base/above-command"];
  const Proportion below = found["base/below-command"];
  if (above.hits == 0 || below.of == 0 || below.hits > 0) return;
  differences->push_back({tool.id,
                          "takes layers up to the base's last CMD for the base's and skips "
                          "them: base/above-command is found (" +
                              OfNumber(above) + "), base/below-command is not (" + OfNumber(below) +
                              ")"});
}

std::set<std::string> KindsFound(const ToolScore& tool) {
  std::set<std::string> kinds;
  for (const Group& group : tool.By("kind").groups) {
    if (group.block.instances.hits > 0) kinds.insert(group.name);
  }
  return kinds;
}

using FoundByUnit = std::map<std::string, bool>;  // somewhere

// The scored leaks of these kinds, by the group of a dimension.
std::map<std::string, FoundByUnit> Divided(const ToolScore& tool, const std::string& dimension,
                                           const std::set<std::string>& kinds) {
  std::map<std::string, FoundByUnit> groups;
  for (const ScoredImage& image : tool.images) {
    for (const LabelOutcome& leak : image.score.leaks) {
      if (!IsScored(*leak.label) || !kinds.contains(leak.label->kind)) continue;
      groups[GroupOf(dimension, image, *leak.label)][leak.label->unit] |= leak.found;
    }
  }
  return groups;
}

std::size_t CountFound(const FoundByUnit& units) {
  return static_cast<std::size_t>(
      std::count_if(units.begin(), units.end(), [](const auto& unit) { return unit.second; }));
}

// Of the kinds that it finds somewhere, since what it knows nothing of tells nothing of the place.
// best: the same scanner told to look further, or null.
void AddNeverFound(const ToolScore& tool, const ToolScore* best,
                   std::vector<Difference>* differences) {
  const std::set<std::string> kinds = KindsFound(tool);
  for (const char* dimension : {"carrier", "visibility", "encoding", "tier"}) {
    std::map<std::string, FoundByUnit> told;
    if (best != nullptr) told = Divided(*best, dimension, kinds);
    for (const auto& [name, units] : Divided(tool, dimension, kinds)) {
      if (units.size() < kFewestNeverFound || CountFound(units) > 0) continue;
      std::string text = "finds none of " + std::to_string(units.size()) + " leaks of " +
                         dimension + " " + name + ", all of kinds that it finds elsewhere";
      if (const std::size_t more = CountFound(told[name]); more > 0) {
        text += "; told to look (configuration \"" + best->run().configuration + "\"), " +
                std::to_string(more) + " of them";
      }
      differences->push_back({tool.id, std::move(text)});
    }
  }
}

const ToolScore* WithConfiguration(const std::vector<ToolScore>& tools, const ToolScore& like,
                                   const std::string& configuration) {
  for (const ToolScore& tool : tools) {
    const ScannerRun& run = tool.run();
    if (run.scanner == like.run().scanner && run.view == like.run().view &&
        run.configuration == configuration) {
      return &tool;
    }
  }
  return nullptr;
}

}  // namespace

std::vector<Difference> FindDifferences(const std::vector<ToolScore>& tools) {
  std::vector<Difference> differences;
  for (const ToolScore& tool : tools) {
    AddUnread(tool, &differences);
    AddLayouts(tool, &differences);
    AddBaseCanary(tool, &differences);
    AddBaseEnd(tool, &differences);
    const bool is_plain = tool.run().configuration == "default";
    AddNeverFound(tool, is_plain ? WithConfiguration(tools, tool, "best") : nullptr, &differences);
  }
  return differences;
}

}  // namespace watertight::bench
