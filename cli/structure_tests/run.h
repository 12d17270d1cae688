// The tests of a file of container-structure-test as checks of a saved image: its files are read
// where they lie in the layers, nothing is unpacked, and all tests share one opening.

#pragma once

#include <memory>
#include <vector>

#include "cli/checks.h"
#include "cli/structure_tests/structure_tests.h"

namespace watertight::cli {

// A check for each test, in the order of that program: commands, contents, existences, licenses,
// metadata. Names: "FileExistenceTest.NAME", "MetadataTest".
std::vector<Check> ChecksOf(const std::shared_ptr<const StructureTests>& tests);

// The policy beside them: none of the default checks, and no search.
Policy PolicyBesideTests();

}  // namespace watertight::cli
