// A finding as JSON: the same in `find` and `check`.

#pragma once

#include "cli/checks.h"
#include "cli/redaction.h"

namespace watertight::cli {

OrderedJson FindingJson(const Image& image, const CheckFinding& found);

}  // namespace watertight::cli
