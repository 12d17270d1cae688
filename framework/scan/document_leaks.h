// Secrets in a configuration document, its history included.

#pragma once

#include <string>
#include <vector>

#include "watertight/finding.h"
#include "watertight/leaks.h"

namespace watertight {

// In the document's order, then by offset. Without blob and layer.
std::vector<Finding> FindDocumentLeaks(const std::string& json, const CleanOptions& options);

// Completes the place of findings in a member's name, which is that of its object so far. It must
// not tell what was found in the name.
void NameKey(const std::string& key, std::vector<Finding>* findings);

}  // namespace watertight
