// What makes a finding the same in another build of the image.

#pragma once

#include <string>

#include "cli/checks.h"
#include "watertight/finding.h"

namespace watertight::cli {

// 16 hexadecimal digits, of the rule, the carrier, the path or field, the members of archives and
// the value. Neither the layer counts nor the offset, nor the number of a step, nor the name of a
// blob: these change when the image is built again.
std::string StableFingerprint(const Finding& finding);
// The same, also of one whose value is not kept.
std::string FingerprintOf(const CheckFinding& found);

}  // namespace watertight::cli
