// The rows of the table of faults, by what they damage.
#pragma once

#include <vector>

#include "generator/faults/fault.h"

namespace watertight::generator {

std::vector<Fault> FileFaults();      // the archive's bytes
std::vector<Fault> MemberFaults();    // its members
std::vector<Fault> ConfigFaults();    // the configuration
std::vector<Fault> ManifestFaults();  // manifest.json, index.json, what they lead to
std::vector<Fault> LayerFaults();     // a layer's tar
std::vector<Fault> StreamFaults();    // a layer's compression

}  // namespace watertight::generator
