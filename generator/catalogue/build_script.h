// What a person types to build a fixture with the real tool.
#pragma once

#include <string>

#include "generator/fixtures/fixture.h"
#include "generator/fixtures/prepare.h"

namespace watertight::generator {

// Where a rendered fixture keeps its parts, below its folder.
inline constexpr const char* kContextFolder = "context";
inline constexpr const char* kBasesFolder = "bases";
inline constexpr const char* kSecretsFolder = "secrets";
inline constexpr const char* kScript = "build";

// A script of /bin/sh that builds the fixture's bases and the fixture, by the builder that it is
// usually built by. What follows the build in the catalogue and no build tool does is a comment.
std::string BuildScript(const Fixture& fixture, const PreparedFixture& prepared);

}  // namespace watertight::generator
