// What an earlier report tells already: a run beside it fails only on what is new.

#pragma once

#include <set>
#include <string>

#include "cli/checks.h"

namespace watertight::cli {

class Baseline {
 public:
  // file: a report of `check --format json`. Throws: Error, for a file that is none.
  static Baseline Read(const std::string& file);

  // Of the report; empty without one.
  const std::string& digest() const { return digest_; }

  // What the report has becomes a note. A check that has nothing else passes; Intact and parts that
  // were not searched never do.
  void Apply(CheckResult* result) const;

 private:
  bool Holds(const Finding& finding) const;
  void ApplyToClaims(CheckResult* result) const;

  std::string file_;
  std::string digest_;
  std::set<std::string> findings_;  // StableFingerprint
  std::set<std::string> claims_;    // ClaimFingerprint and CheckFingerprint
};

// Of one of its claims.
std::string ClaimFingerprint(const CheckResult& result, const FailedClaim& claim);
// Of a check that failed without a finding: its name and what it says.
std::string CheckFingerprint(const CheckResult& result);

}  // namespace watertight::cli
