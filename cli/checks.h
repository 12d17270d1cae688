// The checks of a policy, made of one image.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/policy/policy.h"
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

enum class CheckStatus : std::uint8_t { kPassed, kFailed, kSkipped };

// kPassed, or kFailed.
CheckStatus StatusOf(bool passed);
// "passed", "failed", "skipped".
const char* ToString(CheckStatus status);

struct CheckResult {
  std::string name;
  CheckStatus status = CheckStatus::kFailed;
  std::string detail;  // for the line of the check
  std::string
      message;  // of a failure: claim, image, evidence, proof and remedy; why it was skipped
  double seconds = 0;
  std::vector<CheckFinding> findings;
  std::vector<Finding> told;  // also found, and listed by the checks before it
  std::vector<Note> notes;    // parts that it did not search or list
};

// How many findings, of all images, the policy's rules gave and its entries that have not expired
// allowed; in the order of policy.options.
struct PolicyUse {
  std::vector<std::size_t> of_rules;
  std::vector<std::size_t> of_allowed;
};

// Adds to use. Never throws for a property of the image: one that cannot be judged fails the check.
std::vector<CheckResult> RunChecks(const Image& image, const Policy& policy, PolicyUse* use);

// A check that was skipped, or did not search all parts, fails. Unreadable is never clean.
void FailUnsearched(std::vector<CheckResult>* results);

}  // namespace watertight::cli
