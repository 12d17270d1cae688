// The checks of a policy, made of one image.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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
  std::string fingerprint;  // of a finding whose value is not kept; else empty
  std::optional<StoredEntry> fate;
};

enum class CheckStatus : std::uint8_t { kPassed, kFailed, kSkipped };

// kPassed, or kFailed.
CheckStatus StatusOf(bool passed);
// "passed", "failed", "skipped".
const char* ToString(CheckStatus status);

// A matcher of the policy that does not hold.
struct FailedClaim {
  std::string text;     // what it claims: the same in another build
  std::string reason;   // why it does not hold, in a line
  std::string message;  // as that of a check
  std::string allowed;  // why it fails nothing; empty when it does
};

struct CheckResult {
  std::size_t number = 0;  // of the check, among those of the image
  std::string name;
  CheckStatus status = CheckStatus::kFailed;
  std::string detail;  // for the line of the check
  std::vector<FailedClaim> claims;
  // Of a failure: claim, image, evidence, proof and remedy; else why it was skipped.
  std::string message;
  double seconds = 0;
  std::vector<CheckFinding> findings;
  std::vector<Finding> told;  // also found, and listed by the checks before it
  std::vector<Note> notes;    // parts that it did not search or list
  // How many findings the policy's rules gave, and its entries that have not expired allowed; in
  // the order of Policy::options, or empty.
  std::vector<std::size_t> of_rules;
  std::vector<std::size_t> of_allowed;
};

class ImageRun;

// A check of one image. It never throws for a property of the image: one that cannot be judged
// fails.
struct Check {
  std::string name;
  bool searches = false;  // it is made of the search of all that the image reaches
  std::function<CheckResult(ImageRun& run)> make;
};

// In the order in which they are told. Each takes the policy from its run.
std::vector<Check> ChecksOf(const Policy& policy);

// A check that was skipped, or did not search all parts, fails. Unreadable is never clean.
void FailUnsearched(CheckResult* result);

}  // namespace watertight::cli
