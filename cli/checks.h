// The default policy: what `check` holds every image to.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "watertight/finding.h"
#include "watertight/image.h"

namespace watertight::cli {

// A finding and what became of the file that holds it; no fate for what is no file.
struct CheckFinding {
  Finding finding;
  std::string about;  // what such a file is: "npm registry credentials"; empty for a value
  std::string redacted;
  std::string recover;
  std::optional<StoredEntry> fate;
};

struct CheckResult {
  std::string name;
  bool passed = false;
  std::string detail;   // for the line of the check
  std::string message;  // of a failure: claim, image, evidence, proof and remedy
  double seconds = 0;
  std::vector<CheckFinding> findings;
  std::vector<Note> notes;  // parts that it did not search or list
};

// Never throws for a property of the image: one that cannot be judged fails the check.
std::vector<CheckResult> RunChecks(const Image& image);

}  // namespace watertight::cli
