// The key `checks` of a policy.

#pragma once

#include "cli/policy/map_reader.h"
#include "cli/policy/policy.h"

namespace watertight::cli {

// Lays them over those that the policy has: a check that is named is as it is said here.
void ReadChecks(const Reading& reading, const YamlNode& node, Policy* policy);

// Every check is off, and no secret is given.
bool ChecksNothing(const Policy& policy);

// For the test of the schema.
std::vector<MapKeys> CheckMaps();

}  // namespace watertight::cli
