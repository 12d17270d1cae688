// Fixtures as folders that a real tool can build.
//
// ID/context is the build context with its Dockerfile, ID/secrets and ID/bases what else the build
// takes, ID/build the command.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generator/build/build.h"
#include "generator/fixtures/fixture.h"

namespace watertight::generator {

struct ContextOptions {
  std::string seed;
  std::int64_t clock = kDefaultClock;  // the time of all files
  unsigned threads = 0;                // 0: one for each core
};

// Puts ID/… into `directory`, which is made when it is missing; a folder that was written before is
// replaced. Throws: Error; nothing has changed then.
void WriteContexts(const std::vector<const Fixture*>& fixtures, const std::string& directory,
                   const ContextOptions& options);

}  // namespace watertight::generator
