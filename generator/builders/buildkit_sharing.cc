#include "generator/builders/buildkit_sharing.h"

#include <algorithm>
#include <iterator>

namespace watertight::generator {
namespace {

constexpr size_t kEntrySize = 64;  // bytes of an entry in BuildKit's memory

// Go rounds an array up to what its allocator hands out.
constexpr size_t kAllocations[] = {
    64,    128,   192,   256,   320,   384,   448,   512,   576,   640,   704,   768,   896,
    1024,  1152,  1280,  1408,  1536,  1792,  2048,  2304,  2688,  3072,  3200,  3456,  4096,
    4864,  5120,  5376,  6144,  6528,  6784,  6912,  8192,  9472,  9728,  10240, 10880, 12288,
    13568, 14336, 16384, 18432, 19072, 20480, 21760, 24576, 27264, 28672, 32768};

// What append makes of a full array.
size_t Grown(size_t capacity) {
  const size_t bytes = std::max<size_t>(2 * capacity, 1) * kEntrySize;
  const auto* fitting = std::ranges::lower_bound(kAllocations, bytes);
  return (fitting == std::end(kAllocations) ? bytes : *fitting) / kEntrySize;
}

// The array into which the base's history was read.
size_t ReadCapacity(size_t entries, bool old_decoder) {
  size_t capacity = 0;
  while (capacity < entries) {
    capacity = old_decoder ? std::max<size_t>(capacity + capacity / 2, 4) : Grown(capacity);
  }
  return capacity;
}

template <class Collection>
void Share(std::vector<std::optional<StageBuild>>& stages, const StageBuild& from,
           size_t SharedParts::*owner, Collection ImageConfig::*part) {
  for (std::optional<StageBuild>& stage : stages) {
    if (stage && stage->shared.*owner == from.shared.*owner) {
      stage->config.*part = from.config.*part;
    }
  }
}

// Appends what the stage appended, entry by entry, as Go does.
void ShareHistory(std::vector<std::optional<StageBuild>>& stages, StageBuild& stage, size_t index) {
  SharedParts& shared = stage.shared;
  for (size_t at = shared.history_begin; at < stage.history.size(); ++at) {
    if (at == shared.history_capacity) {
      shared.history_capacity = Grown(at);
      shared.history = index;
      continue;
    }
    for (std::optional<StageBuild>& other : stages) {
      if (!other || other->shared.history != shared.history) continue;
      if (at < other->history.size()) other->history[at] = stage.history[at];
    }
  }
}

}  // namespace

void ShareFromBase(StageBuild& stage, size_t index, bool old_decoder) {
  SharedParts& shared = stage.shared;
  if (!shared.of_stage) {
    shared.history = index;
    shared.history_capacity = ReadCapacity(stage.history.size(), old_decoder);
  }
  shared.history_begin = stage.history.size();
  if (!shared.of_stage || stage.config.labels.empty()) shared.labels = index;
  if (!shared.of_stage || stage.config.exposed_ports.empty()) shared.exposed_ports = index;
  if (!shared.of_stage || stage.config.volumes.empty()) shared.volumes = index;
  shared.of_stage = true;
}

void ShareWithOthers(std::vector<std::optional<StageBuild>>& stages, size_t index) {
  StageBuild& stage = *stages[index];
  Share(stages, stage, &SharedParts::labels, &ImageConfig::labels);
  Share(stages, stage, &SharedParts::exposed_ports, &ImageConfig::exposed_ports);
  Share(stages, stage, &SharedParts::volumes, &ImageConfig::volumes);
  ShareHistory(stages, stage, index);
}

}  // namespace watertight::generator
