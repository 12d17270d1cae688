// How a tool reads images, as far as its scores show it.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "bench/accuracy/score/reports.h"
#include "bench/accuracy/score/score.h"

namespace watertight::bench {
namespace {

// Fewer leaks are no ground to say anything.
constexpr int kFewest = 10;
constexpr std::size_t kFewestOfKinds = 5;
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
        pairs[{one, other}].first.Count(IsMost(trials_in_one));
        pairs[{one, other}].second.Count(IsMost(trials_in_other));
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

// Of the kinds that it finds somewhere, since what it knows nothing of tells nothing of the place.
void AddNeverFound(const ToolScore& tool, std::vector<Difference>* differences) {
  const std::set<std::string> kinds = KindsFound(tool);
  for (const char* dimension : {"carrier", "visibility", "encoding", "tier"}) {
    std::map<std::string, std::map<std::string, bool>> groups;  // by unit: found somewhere
    for (const ScoredImage& image : tool.images) {
      for (const LabelOutcome& leak : image.score.leaks) {
        if (!IsScored(*leak.label) || !kinds.contains(leak.label->kind)) continue;
        groups[GroupOf(dimension, image, *leak.label)][leak.label->unit] |= leak.found;
      }
    }
    for (const auto& [name, units] : groups) {
      const auto found = [](const auto& unit) { return unit.second; };
      if (units.size() < kFewestOfKinds || std::any_of(units.begin(), units.end(), found)) continue;
      differences->push_back({tool.id, "finds none of " + std::to_string(units.size()) +
                                           " leaks of " + dimension + " " + name +
                                           ", all of kinds that it finds elsewhere"});
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

void AddUnlessTold(const ToolScore& plain, const ToolScore& best,
                   std::vector<Difference>* differences) {
  for (const char* name : {"carrier", "visibility", "encoding", "tier"}) {
    for (const Group& group : plain.By(name).groups) {
      if (group.block.instances.hits > 0) continue;
      for (const Group& told : best.By(name).groups) {
        if (told.name != group.name || told.block.instances.hits == 0) continue;
        differences->push_back(
            {plain.id, std::string("does not report ") + name + " " + group.name +
                           " unless told: finds none of " +
                           std::to_string(group.block.instances.distinct()) +
                           " leaks by default, " + Percent(told.block.instances.value()) +
                           " of them in the configuration \"" + best.run().configuration + "\""});
      }
    }
  }
}

}  // namespace

std::vector<Difference> FindDifferences(const std::vector<ToolScore>& tools) {
  std::vector<Difference> differences;
  for (const ToolScore& tool : tools) {
    AddUnread(tool, &differences);
    AddLayouts(tool, &differences);
    AddBaseCanary(tool, &differences);
    AddBaseEnd(tool, &differences);
    AddNeverFound(tool, &differences);
    const ToolScore* best = WithConfiguration(tools, tool, "best");
    if (best != nullptr && tool.run().configuration == "default") {
      AddUnlessTold(tool, *best, &differences);
    }
  }
  return differences;
}

}  // namespace watertight::bench
