// Which images `check` holds to what.

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/checks.h"
#include "cli/image_list.h"
#include "cli/image_run.h"
#include "cli/policy/policy_file.h"

namespace watertight::cli {

// What images are held to.
struct Demands {
  PolicyFile policy;
  std::vector<Check> tests;  // of a file of container-structure-test, in place of the policy's
  bool is_policy = true;     // it is none of these
  std::string text;          // of the file, and of those that it includes
};

// file: of a policy or of container-structure-test; empty: the default policy. Throws: Error.
Demands ReadDemands(const std::string& file);

// The images that the policy's entries name. Throws: Error, kUsage, when they name none.
ImageList ImagesOf(const PolicyFile& policy);

// An image, which is checked once for each platform that the policy's entries for it name.
struct CheckTarget {
  std::unique_ptr<ImageRun> run;
  std::vector<std::size_t> entries;  // of the policy, that are for it
};

// Throws: Error.
std::vector<CheckTarget> TargetsOf(const ImageList& images, const Demands& demands,
                                   const CheckOptions& options);

}  // namespace watertight::cli
