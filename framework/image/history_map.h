// Which step of the history made which layer.

#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "watertight/config.h"
#include "watertight/history.h"
#include "watertight/note.h"

namespace watertight {

struct HistoryMap {
  bool matches = false;
  std::vector<std::optional<std::pair<int, int>>>
      steps;  // of each layer: first and last step that went into it
};

// Every step without empty_layer takes the next layer; when the numbers disagree, nothing is
// attributed and a note says so. Sets HistoryStep::layer.
HistoryMap MapHistory(const Config& config, std::size_t layers, std::vector<HistoryStep>* history,
                      std::vector<Note>* notes);

}  // namespace watertight
