// How much of a policy was of use.

#pragma once

#include <vector>

#include "cli/reports/report.h"

namespace watertight::cli {

PolicyUse UseOf(const Policy& policy, const std::vector<CheckedImage>& images);

}  // namespace watertight::cli
