// Files that packages brought, and that are as the packages' lists say: everybody has what stands
// in them, such as keys of test suites and samples of documentation.

#pragma once

#include <vector>

#include "framework/image/contents.h"
#include "watertight/finding.h"
#include "watertight/image.h"

namespace watertight {

// Takes errors in such files down to the level of their package, which is no failure, and names the
// package. A list of any layer counts: files may be deleted later, with their list or without.
// What is ready is not read.
void LowerKnownContent(const Image& image, const ReadyContents& ready,
                       std::vector<Finding>* findings);

}  // namespace watertight
