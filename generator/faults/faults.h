// Deliberate damage to images and archives, as "faults" of fixture.json asks for it.
//
//   "faults": [{"fault": "file-truncated", "percent": 30}]
//
//   const Archive archive = WriteDamaged(prepared, images, "docker-28", {}, seed);
//   SaveArchive(path, archive);
#pragma once

#include <string>

#include "generator/archives/archive.h"
#include "generator/faults/fault.h"
#include "generator/fixtures/prepare.h"
#include "generator/fixtures/then.h"

namespace watertight::generator {

// What WriteImages writes, with the fixture's faults; the seed says where those strike that strike
// anywhere. Throws: Error with the place of a fault in fixture.json.
Archive WriteDamaged(const PreparedFixture& prepared, const FixtureImages& images,
                     const std::string& writer, const ArchiveOptions& options,
                     const std::string& seed);

}  // namespace watertight::generator
