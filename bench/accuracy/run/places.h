// From what a scanner prints to a place in the image.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "bench/accuracy/run/image_facts.h"
#include "bench/accuracy/run/report.h"
#include "bench/accuracy/run/scanner.h"
#include "bench/accuracy/run/views.h"

namespace watertight::bench {

// A finding in the terms of truths. Empty and nullopt: the scanner does not tell.
struct PlacedFinding {
  ReportedFinding reported;
  std::string family;
  std::string carrier;
  std::optional<int> layer;
  std::string diff_id;
  std::string path;
  std::vector<std::string> nested;
  std::string field;
};

// What the scanner was given.
struct ScannedInput {
  const ImageFacts* facts = nullptr;
  const Tree* tree = nullptr;  // null in the view `image`
  std::string path;            // of the archive or folder, as the command named it
};

// What cannot be placed keeps its path as printed, without carrier.
PlacedFinding PlaceFinding(const Scanner& scanner, const ScannedInput& input,
                           const ReportedFinding& reported);

// "github-pat", "cloud", "generic"; empty when no row fits.
std::string FamilyOf(const Scanner& scanner, const std::string& rule);

}  // namespace watertight::bench
