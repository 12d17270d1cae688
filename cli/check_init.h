// check --init: a first policy, made from an image.

#pragma once

#include <string>

#include "cli/open.h"

namespace watertight::cli {

// What holds of the image now, as checks; and what the default policy finds in it, as entries of
// `allow` that are comments, each with a reason to be filled in. No secret of the image stands in
// it. Throws: Error, when it cannot be opened.
std::string FirstPolicy(const std::string& reference, const OpenFlags& flags);

}  // namespace watertight::cli
