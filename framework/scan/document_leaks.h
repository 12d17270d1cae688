// Secrets in a configuration document, its history included.

#pragma once

#include <string>
#include <vector>

#include "watertight/finding.h"
#include "watertight/leaks.h"

namespace watertight {

// In the document's order, then by offset. Without blob and layer.
std::vector<Finding> FindDocumentLeaks(const std::string& json, const CleanOptions& options);

}  // namespace watertight
