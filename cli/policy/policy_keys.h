// The keys that lay something over a policy: those of a file, and of what it says of single images.

#pragma once

#include <vector>

#include "cli/policy/map_reader.h"
#include "cli/policy/policy.h"
#include "cli/policy/policy_checks.h"

namespace watertight::cli {

// Each adds to what the policy has.
void ReadSecrets(const Reading& reading, const YamlNode& node, Policy* policy);
void ReadRules(const Reading& reading, const YamlNode& node, Policy* policy);
void ReadAllow(const Reading& reading, const YamlNode& node, Policy* policy);

// After all keys, since entries may stand before the rules that they name; once. Throws: Error, at
// the entry whose rule there is not.
void ActivateAllow(Policy* policy);

template <void (*read)(const Reading&, const YamlNode&, Policy*), typename T>
void ReadInto(const Reading& reading, const YamlNode& node, T* into) {
  read(reading, node, into->policy);
}

// Further keys of a map that is read into a T, and those of a policy, which go to its `policy`.
template <typename T>
std::vector<Key<T>> WithPolicyKeys(std::vector<Key<T>> keys) {
  keys.push_back({"checks", false, ReadInto<ReadChecks, T>});
  keys.push_back({"secrets", false, ReadInto<ReadSecrets, T>});
  keys.push_back({"rules", false, ReadInto<ReadRules, T>});
  keys.push_back({"allow", false, ReadInto<ReadAllow, T>});
  return keys;
}

// For the test of the schema: what stands below these keys.
std::vector<MapKeys> PolicyKeyMaps();

}  // namespace watertight::cli
