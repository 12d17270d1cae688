// The matchers of the library, as a policy names them: `RunsAs: node`.

#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "cli/policy/map_reader.h"
#include "watertight/image.h"

namespace watertight::cli {

// All matchers of one name, each of which must hold.
struct Claim {
  std::string name;  // "RunsAs"; "Not.RunsAs" when none may hold
  std::vector<testing::Matcher<const Image&>> matchers;
};

// In the order of the file; a name comes once.
using Claims = std::vector<Claim>;

bool IsClaim(const std::string& name);
std::vector<std::string> ClaimNames();

// Adds the claim, or takes it away where the value is false. One of the same name goes.
void ReadClaim(const Reading& reading, const std::string& name, const YamlNode& node,
               Claims* claims);
// The map of claims under Not.
void ReadNot(const Reading& reading, const YamlNode& node, Claims* claims);

// For the test of the schema.
std::vector<MapKeys> ClaimMaps();

}  // namespace watertight::cli
