// The findings of a scanner in one image, each with what it is, and the labels, each with what
// became of it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/accuracy/score/corpus.h"
#include "bench/accuracy/score/scanner_run.h"
#include "bench/accuracy/score/touch.h"

namespace watertight::bench {

enum class FindingClass : std::uint8_t {
  kMatched,     // stands for a leak
  kDuplicate,   // on a leak that another finding stands for
  kDecoy,       // an alarm about what is labelled as no secret
  kUnscored,    // on a decoy about which experts differ
  kWrongLayer,  // a leak's in all but the layer
  kElsewhere,   // a leak's value, at a place where it was not planted
  kStray,       // overlaps no label
};
const char* ToString(FindingClass kind);

struct LabelOutcome {
  const Label* label = nullptr;
  bool found = false;
  std::optional<int> finding;  // its place in ImageResult::findings
  Evidence evidence = Evidence::kPlace;
  bool classified = false;  // a finding on it has a rule for its kind or class
  bool names_layer = false;
  int alerts = 0;  // findings on it, duplicates included
};

struct FindingOutcome {
  FindingClass kind = FindingClass::kStray;
  const Label* label = nullptr;
};

struct ImageScore {
  std::vector<LabelOutcome> leaks;
  std::vector<LabelOutcome> decoys;
  std::vector<FindingOutcome> findings;  // in the order of ImageResult::findings

  int Count(FindingClass kind) const;
};

// Decoys about which experts differ: scored neither way.
bool IsDebatable(const Label& decoy);

// findings: sorted, as ParseResult gives them.
ImageScore ScoreImage(const LabelledImage& image, const std::vector<Finding>& findings);

}  // namespace watertight::bench
