// What AllowedFindings cover.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "watertight/allowed_finding.h"
#include "watertight/finding.h"
#include "watertight/glob.h"

namespace watertight {

// Throws: Error, kUsage, one line: no reason, nothing that a finding could fit, a bad glob or
// fingerprint.
void CheckAllowed(const AllowedFinding& allowed);

class Allowances {
 public:
  // Requires: each was checked.
  explicit Allowances(const std::vector<AllowedFinding>& allowed);

  // Makes notes of what is covered, with the reason of the first entry that fits. How many findings
  // each entry fits.
  std::vector<std::size_t> Apply(std::vector<Finding>* findings) const;

 private:
  struct Entry {
    AllowedFinding allowed;
    std::optional<Glob> path;
  };

  static bool Fits(const Entry& entry, const Finding& finding, const std::string& fingerprint);

  std::vector<Entry> entries_;
};

// The eight digits that Redacted shows.
std::string FingerprintOf(const std::string& value);

}  // namespace watertight
