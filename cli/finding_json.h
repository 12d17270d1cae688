// A finding as JSON: the same in `find` and `check`.

#pragma once

#include <string>
#include <vector>

#include "cli/checks.h"
#include "cli/redaction.h"

namespace watertight::cli {

// Of the layers, in order.
std::vector<std::string> DiffIds(const Image& image);

// reference, diff_ids: of the image.
OrderedJson FindingJson(const std::string& reference, const std::vector<std::string>& diff_ids,
                        const CheckFinding& found);

}  // namespace watertight::cli
