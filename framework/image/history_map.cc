#include "framework/image/history_map.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace watertight {
namespace {

// buildah without --layers stores the work of a whole Dockerfile in one layer, and marks its RUN
// and COPY steps empty. Its label is inherited by what others build on top; BuildKit signs its
// steps.
bool IsBuildah(const Config& config, const HistoryStep& step) {
  return config.labels.count("io.buildah.version") != 0 && !step.comment.starts_with("buildkit");
}

bool ChangesFiles(const HistoryStep& step) {
  const std::string_view text = step.created_by;
  constexpr std::string_view kNop = "#(nop) ";
  const std::size_t nop = text.find(kNop);
  if (nop == std::string_view::npos) return !text.empty();
  const std::string_view instruction = text.substr(nop + kNop.size());
  return instruction.starts_with("COPY") || instruction.starts_with("ADD");
}

int FirstStepOf(const std::vector<HistoryStep>& history, int step, const Config& config) {
  if (!IsBuildah(config, history[static_cast<std::size_t>(step)])) return step;
  int first = step;
  while (first > 0 && history[static_cast<std::size_t>(first - 1)].empty_layer) --first;
  const bool merged = std::any_of(history.begin() + first, history.begin() + step, ChangesFiles);
  return merged ? first : step;
}

}  // namespace

HistoryMap MapHistory(const Config& config, std::size_t layers, std::vector<HistoryStep>* history,
                      std::vector<Note>* notes) {
  HistoryMap map;
  map.steps.resize(layers);
  const auto filled = static_cast<std::size_t>(std::count_if(
      history->begin(), history->end(), [](const HistoryStep& step) { return !step.empty_layer; }));
  map.matches = filled == layers;
  if (!map.matches) {
    const bool absent = history->empty();
    const std::string counts = std::to_string(filled) + " steps with a layer, the image has " +
                               std::to_string(layers) + " layers; no step is attributed to a layer";
    notes->push_back({absent ? "history-absent" : "history-mismatch", std::nullopt, "",
                      (absent ? "there is no history: it has " : "the history has ") + counts});
    return map;
  }
  int layer = 0;
  for (HistoryStep& step : *history) {
    if (step.empty_layer) continue;
    step.layer = layer;
    map.steps[static_cast<std::size_t>(layer)] = {FirstStepOf(*history, step.index, config),
                                                  step.index};
    ++layer;
  }
  return map;
}

}  // namespace watertight
