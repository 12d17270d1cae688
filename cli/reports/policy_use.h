// How much of a policy was of use.

#pragma once

#include <cstddef>
#include <vector>

#include "cli/reports/report.h"

namespace watertight::cli {

// Of all images, in the order of Policy::options.
struct PolicyUse {
  std::vector<std::size_t> of_rules;
  std::vector<std::size_t> of_allowed;
};

PolicyUse UseOf(const Policy& policy, const std::vector<CheckedImage>& images);

// How many findings the entry of Policy::allow allows; null when it has expired.
const std::size_t* CountOf(const Policy& policy, const PolicyUse& use, std::size_t entry);

}  // namespace watertight::cli
