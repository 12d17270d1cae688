// The steps that made an image, as its configuration records them.
//
//   for (const watertight::HistoryStep& step : image.history())
//     if (step.layer) std::cout << *step.layer << " " << step.created_by << "\n";
//
// Source: OCI image-spec config.md, `history`.

#pragma once

#include <optional>
#include <ostream>
#include <string>

namespace watertight {

struct HistoryStep {
  int index = 0;
  std::optional<int> layer;  // the layer that the step made; empty for a metadata step, and for all
                             // when they do not agree
  std::string created_by;    // as stored: may hold secrets
  std::string comment;
  std::string author;
  std::string created;       // RFC 3339, as stored
  bool empty_layer = false;  // the step has no diff_id; this says nothing of the layer's content

  friend bool operator==(const HistoryStep&, const HistoryStep&) = default;
};

void PrintTo(const HistoryStep& step, std::ostream* out);

}  // namespace watertight
