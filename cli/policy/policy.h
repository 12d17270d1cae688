// What `check` holds images to: the default policy, or what a file says. docs/policy.md explains
// the file.

#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "cli/policy/claims.h"
#include "cli/policy/yaml.h"
#include "watertight/allowed_finding.h"
#include "watertight/matchers/patterns.h"
#include "watertight/secret.h"
#include "watertight/secrets.h"

namespace watertight::cli {

// The checks of the default policy.
constexpr const char* kIntact = "Intact";
constexpr const char* kNoLeakedFile = "NoLeakedFile";
constexpr const char* kHistoryClean = "HistoryClean";
constexpr const char* kConfigClean = "ConfigClean";
constexpr const char* kNoSecrets = "NoSecrets";
// And the one that known secrets give.
constexpr const char* kNoLeakedValue = "NoLeakedValue";

struct PolicyAllow {
  AllowedFinding finding;
  std::string file;  // where it stands
  YamlPlace place;
  YamlPlace rule_place;
  std::string expired;  // the day, when it is over; such an entry allows nothing
};

struct Policy {
  std::set<std::string> off;               // checks that are not made
  PathPatterns files;                      // of NoLeakedFile, beside the well-known ones
  std::vector<std::string> history_names;  // that HistoryClean allows
  std::vector<std::string> config_names;
  Claims claims;
  std::vector<Secret> secrets;
  std::vector<PolicyAllow> allow;
  SecretOptions options;  // its rules, and those of `allow` that have not expired, in order
};

}  // namespace watertight::cli
