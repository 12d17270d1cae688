// Counts, per tool: in all, and divided by each dimension.

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <tuple>

#include "bench/accuracy/score/score.h"

namespace watertight::bench {
namespace {

constexpr std::string_view kFileParts[] = {"path", "link", "xattr", "header"};
constexpr std::string_view kCompressors[] = {"gzip", "zlib", "zstd", "xz", "bzip2"};
// Scanners differ on whether these are of interest at all.
constexpr std::string_view kTestFolders[] = {"test",    "tests",    "testdata", "spec",
                                             "example", "examples", "sample",   "samples",
                                             "demo",    "doc",      "docs"};
constexpr std::string_view kProgramFolders[] = {"usr",    "lib",           "node_modules",
                                                "vendor", "site-packages", "locale"};

template <std::size_t kSize>
bool IsIn(const std::string_view (&table)[kSize], std::string_view word) {
  return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

template <std::size_t kSize>
bool HasFolderOf(const std::string_view (&table)[kSize], std::string_view path) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/')) {
    if (IsIn(table, path.substr(0, slash))) return true;
    path.remove_prefix(slash + 1);
  }
  return false;
}

bool IsCompressed(const Label& label) {
  return std::any_of(label.encoding.begin(), label.encoding.end(),
                     [](const std::string& name) { return IsIn(kCompressors, name); });
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "+") + word;
  return text.empty() ? "plain" : text;
}

struct DimensionRow {
  const char* name;
  std::string (*of)(const ScoredImage&, const Label&);
};

const DimensionRow kDimensions[] = {
    {"channel", [](const ScoredImage&, const Label& label) { return label.channel; }},
    {"carrier", [](const ScoredImage&, const Label& label) { return label.carrier; }},
    {"class", [](const ScoredImage&, const Label& label) { return label.kind_class; }},
    {"kind", [](const ScoredImage&, const Label& label) { return label.kind; }},
    {"encoding", [](const ScoredImage&, const Label& label) { return Joined(label.encoding); }},
    {"visibility", [](const ScoredImage&, const Label& label) { return label.visibility; }},
    {"tier", [](const ScoredImage&, const Label& label) { return TierOf(label); }},
    {"archive", [](const ScoredImage& image, const Label&) { return image.image->archive; }},
    {"builder", [](const ScoredImage& image, const Label&) { return image.image->builder; }},
    {"layout", [](const ScoredImage& image,
                  const Label&) { return image.image->builder + "/" + image.image->archive; }},
};

using BundleName = std::tuple<const LabelledImage*, std::string>;

// Trials, and which of them are of different things.
struct Tally {
  Proportion trials;
  std::set<std::string> units;

  void Count(bool hit, const std::string& unit) {
    trials.Count(hit);
    units.insert(unit);
  }
  Proportion Finish() const { return {trials.hits, trials.of, static_cast<int>(units.size())}; }
};

struct PlantedSecret {
  bool found = false;
  std::string unit;  // the first of its labels'
};

// A block in the making.
struct Counting {
  Tally instances;
  Tally classified;
  Tally layers;
  Tally decoys;
  std::set<std::string> reported;  // units
  std::map<std::string, PlantedSecret> values;
  std::map<BundleName, std::map<std::string, bool>> bundles;
  int alerts = 0;

  void AddLeak(const ScoredImage& image, const LabelOutcome& leak, bool tells_layers) {
    const std::string& unit = leak.label->unit;
    instances.Count(leak.found, unit);
    PlantedSecret& value = values[leak.label->value_sha256];
    value.found = value.found || leak.found;
    value.unit = value.unit.empty() ? unit : std::min(value.unit, unit);
    bool& part_found = bundles[{image.image, leak.label->bundle}][leak.label->value_sha256];
    part_found = part_found || leak.found;
    if (!leak.found) return;
    reported.insert(unit);
    classified.Count(leak.classified, unit);
    if (tells_layers && leak.names_layer && leak.label->layer) layers.Count(true, unit);
    alerts += leak.alerts;
  }

  void AddDecoy(const LabelOutcome& decoy) {
    decoys.Count(decoy.found, decoy.label->unit);
    if (decoy.found) reported.insert(decoy.label->unit);
  }

  Block Finish() const {
    Tally distinct;
    Tally some;
    Tally complete;
    for (const auto& [sha256, value] : values) distinct.Count(value.found, value.unit);
    for (const auto& [name, parts] : bundles) {
      const auto found = [](const auto& part) { return part.second; };
      const auto& [image, bundle] = name;
      const std::string unit = image->fixture + "|" + bundle;
      some.Count(std::any_of(parts.begin(), parts.end(), found), unit);
      if (parts.size() > 1) {
        complete.Count(std::all_of(parts.begin(), parts.end(), found), unit);
      }
    }
    Block block;
    block.instances = instances.Finish();
    block.distinct = distinct.Finish();
    block.bundles = some.Finish();
    block.complete = complete.Finish();
    block.classified = classified.Finish();
    block.layers = layers.Finish();
    block.decoys = decoys.Finish();
    block.alerts = alerts;
    block.reported = static_cast<int>(reported.size());
    return block;
  }
};

// In the other views a finding's layer is that of the folder which the scanner got.
bool TellsLayers(const ToolScore& tool) { return tool.run().view == "image"; }

// group_of(image, label, is a leak): the name of the label's group; empty: it is counted in none.
template <typename Namer>
std::map<std::string, Block> Count(const ToolScore& tool, Namer group_of) {
  const bool tells_layers = TellsLayers(tool);
  std::map<std::string, Counting> counting;
  for (const ScoredImage& image : tool.images) {
    for (const LabelOutcome& leak : image.score.leaks) {
      const std::string group = group_of(image, *leak.label, true);
      if (!group.empty()) counting[group].AddLeak(image, leak, tells_layers);
    }
    for (const LabelOutcome& decoy : image.score.decoys) {
      const std::string group = group_of(image, *decoy.label, false);
      if (!group.empty() && !IsDebatable(*decoy.label)) counting[group].AddDecoy(decoy);
    }
    for (const FindingOutcome& finding : image.score.findings) {
      if (finding.kind != FindingClass::kWrongLayer || !tells_layers) continue;
      const std::string group = group_of(image, *finding.label, true);
      if (!group.empty()) counting[group].layers.Count(false, finding.label->unit);
    }
  }
  std::map<std::string, Block> blocks;
  for (auto& [name, one] : counting) blocks[name] = one.Finish();
  return blocks;
}

std::optional<double> Mean(const std::vector<std::optional<double>>& values) {
  double sum = 0;
  int count = 0;
  for (const auto& value : values) {
    if (!value) continue;
    sum += *value;
    ++count;
  }
  return count == 0 ? std::nullopt : std::optional(sum / count);
}

Dimension Divide(const ToolScore& tool, const DimensionRow& row) {
  Dimension dimension;
  dimension.name = row.name;
  std::vector<std::optional<double>> recalls;
  std::vector<std::optional<double>> precisions;
  const auto blocks = Count(tool, [&row](const ScoredImage& image, const Label& label, bool leak) {
    const bool by_tier = std::string_view(row.name) == "tier";
    if (leak && !IsScored(label) && !by_tier) return std::string();
    return row.of(image, label);
  });
  for (const auto& [name, block] : blocks) {
    dimension.groups.push_back({name, block});
    recalls.push_back(block.instances.value());
    precisions.push_back(block.precision().value());
  }
  dimension.macro_recall = Mean(recalls);
  dimension.macro_precision = Mean(precisions);
  return dimension;
}

std::optional<Spread> RecallOverSeeds(const ToolScore& tool) {
  std::map<std::string, Proportion> seeds;
  for (const ScoredImage& image : tool.images) {
    if (image.state != RunState::kOk) continue;
    for (const LabelOutcome& leak : image.score.leaks) {
      if (IsScored(*leak.label)) seeds[image.corpus->seed].Count(leak.found);
    }
  }
  std::vector<Proportion> parts;
  for (const auto& [seed, proportion] : seeds) parts.push_back(proportion);
  return OverSeeds(parts);
}

// About a leak of the other image: no alarm about a decoy, and no stray finding where the leak
// would stand. Other stray findings say nothing of the pair.
bool IsSilent(const ScoredImage& twin, const std::vector<LabelOutcome>& leaks) {
  if (twin.score.Count(FindingClass::kDecoy) > 0) return false;
  for (std::size_t i = 0; i < twin.score.findings.size(); ++i) {
    if (twin.score.findings[i].kind != FindingClass::kStray) continue;
    const Finding& finding = twin.result->findings[i];
    if (std::any_of(leaks.begin(), leaks.end(), [&finding](const LabelOutcome& leak) {
          return PlacesAgree(finding, *leak.label);
        })) {
      return false;
    }
  }
  return true;
}

Proportion CountPairs(const ToolScore& tool) {
  std::map<std::tuple<const Corpus*, std::string, std::string, std::string>, const ScoredImage*>
      images;
  for (const ScoredImage& image : tool.images) {
    if (image.state != RunState::kOk) continue;
    const LabelledImage& labelled = *image.image;
    images[{image.corpus, labelled.fixture, labelled.builder, labelled.archive}] = &image;
  }
  Tally pairs;
  for (const auto& [name, leaking] : images) {
    const LabelledImage& labelled = *leaking->image;
    if (labelled.clean || labelled.twin.empty()) continue;
    const auto twin =
        images.find({leaking->corpus, labelled.twin, labelled.builder, labelled.archive});
    if (twin == images.end() || !twin->second->image->clean) continue;
    const auto& leaks = leaking->score.leaks;
    if (leaks.empty()) continue;  // none of the view
    const bool found = std::any_of(leaks.begin(), leaks.end(),
                                   [](const LabelOutcome& leak) { return leak.found; });
    pairs.Count(found && IsSilent(*twin->second, leaks), labelled.fixture);
  }
  return pairs.Finish();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

void CountCost(ToolScore* tool) {
  std::vector<double> seconds;
  std::map<int, std::vector<const ScoredImage*>> by_size;  // powers of two
  for (const ScoredImage& image : tool->images) {
    if (image.state != RunState::kOk) continue;
    seconds.push_back(image.result->seconds);
    tool->total_seconds += image.result->seconds;
    tool->peak_memory = std::max(tool->peak_memory, image.result->peak_memory);
    tool->megabytes += static_cast<double>(image.image->bytes) / 1e6;
    if (image.image->bytes > 0)
      by_size[std::ilogb(static_cast<double>(image.image->bytes))].push_back(&image);
  }
  if (!seconds.empty()) tool->median_seconds = Median(seconds);
  for (const auto& [power, images] : by_size) {
    std::vector<double> bytes;
    std::vector<double> times;
    for (const ScoredImage* image : images) {
      bytes.push_back(static_cast<double>(image->image->bytes));
      times.push_back(image->result->seconds);
    }
    tool->cost.push_back({static_cast<std::uint64_t>(Median(bytes)), Median(times),
                          static_cast<int>(images.size())});
  }
}

}  // namespace

Proportion Block::precision() const {
  return {instances.hits, instances.hits + decoys.hits, reported};
}

const Dimension& ToolScore::By(const std::string& name) const {
  return *std::find_if(dimensions.begin(), dimensions.end(),
                       [&name](const Dimension& dimension) { return dimension.name == name; });
}

std::vector<std::string> DimensionNames() {
  std::vector<std::string> names;
  for (const DimensionRow& row : kDimensions) names.emplace_back(row.name);
  return names;
}

std::string GroupOf(const std::string& dimension, const ScoredImage& image, const Label& label) {
  const auto* row =
      std::find_if(std::begin(kDimensions), std::end(kDimensions),
                   [&dimension](const DimensionRow& one) { return one.name == dimension; });
  return row->of(image, label);
}

std::string TierOf(const Label& label) {
  if (IsIn(kFileParts, label.carrier)) return "exotic";
  if (label.carrier != "file") return "beyond-rootfs";
  if (!label.nested.empty() || IsCompressed(label)) return "archive";
  if (!label.encoding.empty()) return "encoding";
  if (label.visibility != "live") return "beyond-rootfs";
  if (HasFolderOf(kTestFolders, label.path)) return "test-path";
  return HasFolderOf(kProgramFolders, label.path) ? "path" : "basic";
}

std::string PlaceName(const LabelledImage& image, const Label& label) {
  std::string name = image.builder + "|" + image.fixture + "|" + label.value_sha256 + "|" +
                     label.carrier + "|" + std::to_string(label.layer.value_or(-1)) + "|" +
                     label.path + "|" + label.field + "|" + std::to_string(label.offset);
  for (const std::string& member : label.nested) name += "!" + member;
  return name;
}

bool IsInView(const std::string& view, const Label& label) {
  if (view == "rootfs") return label.carrier == "file" && label.visibility == "live";
  return view != "layers" || label.carrier == "file" || !IsIn(kFileParts, label.carrier);
}

bool IsScored(const Label& leak) {
  return leak.kind_class != "password-hash" && TierOf(leak) != "test-path";
}

void Aggregate(ToolScore* tool) {
  for (const DimensionRow& row : kDimensions) tool->dimensions.push_back(Divide(*tool, row));
  auto totals = Count(*tool, [](const ScoredImage&, const Label& label, bool leak) {
    if (!leak || IsScored(label)) return std::string("total");
    return std::string(label.kind_class == "password-hash" ? "informative" : "");
  });
  tool->total = totals["total"];
  tool->informative = totals["informative"];
  tool->seeds = RecallOverSeeds(*tool);
  tool->pairs = CountPairs(*tool);
  for (const ScoredImage& image : tool->images) {
    for (const FindingOutcome& finding : image.score.findings) {
      ++tool->findings[static_cast<std::size_t>(finding.kind)];
    }
  }
  CountCost(tool);
}

}  // namespace watertight::bench
