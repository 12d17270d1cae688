// The two forms of what `check` found.

#pragma once

#include <vector>

#include "cli/checks.h"

namespace watertight::cli {

class Output;

struct CheckedImage {
  Image image;
  std::vector<CheckResult> results;
};

void WriteCheckText(const CheckedImage& checked, Output& out);
// What of the policy is out of use.
void WritePolicyText(const Policy& policy, const std::vector<CheckedImage>& all, Output& out);
// The last line: how many checks failed.
void WriteCheckSummary(const std::vector<CheckedImage>& all, Output& out);
// One document for all images.
void WriteCheckJson(const std::vector<CheckedImage>& all, const Policy& policy, Output& out);

}  // namespace watertight::cli
