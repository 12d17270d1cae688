// For each leak that a tool missed, the closest leak that it found: what the two differ in is why.

#include <algorithm>
#include <map>
#include <string>
#include <tuple>

#include "bench/accuracy/score/score.h"

namespace watertight::bench {
namespace {

std::string Joined(const std::vector<std::string>& words, const char* between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

struct Axis {
  const char* name;
  std::string (*of)(const Label&);
};
const Axis kAxes[] = {
    {"carrier", [](const Label& label) { return label.carrier; }},
    {"visibility", [](const Label& label) { return label.visibility; }},
    {"encoding",
     [](const Label& label) {
       return label.encoding.empty() ? "plain" : Joined(label.encoding, "+");
     }},
    {"nesting",
     [](const Label& label) {
       return label.nested.empty() ? std::string("no archive") : std::string("an archive");
     }},
};

struct Place {
  const LabelledImage* image;
  const Label* leak;
};

// What a tool found, in a form to look up.
struct FoundLeaks {
  std::map<std::string, std::vector<Place>> by_kind;
  std::map<std::pair<std::string, std::string>, std::vector<Place>> by_place;  // seed, PlaceName
  std::map<std::pair<std::string, std::string>, Proportion> by_axis;           // axis, value
};

FoundLeaks Collect(const ToolScore& tool) {
  FoundLeaks found;
  for (const ScoredImage& image : tool.images) {
    for (const LabelOutcome& leak : image.score.leaks) {
      for (const Axis& axis : kAxes) {
        found.by_axis[{axis.name, axis.of(*leak.label)}].Count(leak.found);
      }
      if (!leak.found) continue;
      found.by_kind[leak.label->kind].push_back({image.image, leak.label});
      found.by_place[{image.corpus->seed, PlaceName(*image.image, *leak.label)}].push_back(
          {image.image, leak.label});
    }
  }
  return found;
}

std::vector<std::string> Differing(const Label& a, const Label& b) {
  std::vector<std::string> names;
  for (const Axis& axis : kAxes) {
    // That of a document follows from the carrier.
    if (std::string_view(axis.name) == "visibility" && a.carrier != b.carrier) continue;
    if (axis.of(a) != axis.of(b)) names.emplace_back(axis.name);
  }
  return names;
}

void ExplainByKind(const std::vector<Place>& found, Miss* miss) {
  const Place* closest = nullptr;
  std::vector<std::string> least;
  for (const Place& place : found) {
    std::vector<std::string> differing = Differing(*miss->leak, *place.leak);
    const bool is_closer =
        closest == nullptr || differing.size() < least.size() ||
        (differing.size() == least.size() && place.leak->channel == miss->leak->channel &&
         closest->leak->channel != miss->leak->channel);
    if (!is_closer) continue;
    closest = &place;
    least = std::move(differing);
  }
  miss->because = "found in " + closest->image->fixture;
  if (least.empty()) {
    miss->cause = "place";
    miss->because += ", which differs in path or surroundings";
    return;
  }
  miss->cause = Joined(least, "+");
  for (const Axis& axis : kAxes) {
    if (std::find(least.begin(), least.end(), axis.name) == least.end()) continue;
    miss->because += std::string(", there with ") + axis.name + " " + axis.of(*closest->leak) +
                     ", here " + axis.of(*miss->leak);
  }
}

void ExplainByAxis(const FoundLeaks& found, Miss* miss) {
  for (const Axis& axis : kAxes) {
    const std::string value = axis.of(*miss->leak);
    const Proportion& all = found.by_axis.at({axis.name, value});
    if (all.hits > 0) continue;
    miss->cause = axis.name;
    miss->because = "none of " + std::to_string(all.of) + " leaks with " + axis.name + " " + value +
                    " is found";
    return;
  }
  miss->cause = "kind";
  miss->because = "no leak of the kind " + miss->leak->kind + " is found";
}

void Explain(const FoundLeaks& found, const std::string& seed, Miss* miss) {
  const auto elsewhere = found.by_place.find({seed, PlaceName(*miss->image, *miss->leak)});
  if (elsewhere != found.by_place.end()) {
    const LabelledImage& other = *elsewhere->second.front().image;
    miss->cause = "layout";
    miss->because = "found in the same fixture of " + other.builder + "/" + other.archive;
    return;
  }
  const auto kind = found.by_kind.find(miss->leak->kind);
  if (kind != found.by_kind.end()) {
    ExplainByKind(kind->second, miss);
  } else {
    ExplainByAxis(found, miss);
  }
}

}  // namespace

void ExplainMisses(ToolScore* tool) {
  const FoundLeaks found = Collect(*tool);
  std::map<std::tuple<std::string, std::string, std::string>, Miss> misses;
  for (const ScoredImage& image : tool->images) {
    for (const LabelOutcome& leak : image.score.leaks) {
      if (leak.found || !IsScored(*leak.label)) continue;
      Miss& miss = misses[{leak.label->unit, image.image->builder, image.image->archive}];
      miss.seeds.push_back(image.corpus->seed);
      if (miss.leak != nullptr) continue;
      miss.image = image.image;
      miss.leak = leak.label;
      Explain(found, image.corpus->seed, &miss);
    }
  }
  for (auto& [name, miss] : misses) tool->misses.push_back(std::move(miss));
}

}  // namespace watertight::bench
