// A Dockerfile and a context of one's own as a fixture without hand-written truth: their templates
// are filled in, and what they plant is followed.
#pragma once

#include <map>
#include <string>

#include "generator/fixtures/fixture.h"
#include "generator/fixtures/prepare.h"

namespace watertight::generator {

struct OwnDockerfile {
  std::string dockerfile;  // paths on the disk
  std::string context;
  std::map<std::string, std::string> build_args;
  std::map<std::string, std::string> secrets;
  std::string seed;
};

struct OwnFixture {
  Fixture fixture;
  PreparedFixture prepared;
};

// Reads all of the context, also what an ignore file hides. Modes and times are as on the disk.
// Throws: Error "FILE:LINE:COLUMN: …".
OwnFixture PrepareOwnDockerfile(const OwnDockerfile& own);

}  // namespace watertight::generator
