// How much of a policy was of use.

#pragma once

#include <vector>

#include "cli/check_targets.h"
#include "cli/reports/report.h"

namespace watertight::cli {

// targets: of the run, whose images came to be checked or not.
PolicyUse UseOf(const PolicyFile& policy, const std::vector<CheckTarget>& targets,
                const std::vector<CheckedImage>& images);

}  // namespace watertight::cli
