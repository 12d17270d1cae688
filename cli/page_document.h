// The data of the page, as one document of JSON:
//
//   {"schema": "watertight.page/1", "command": "check", "images": [{
//      … what `inspect --format json` has, and in each layer "changes" (files added, stored again,
//      removed) and "error", in each step "text" …,
//      "checks": [{"name", "status", "detail", "message"}],
//      "findings": [{… as of `check --format json` …, "check", "place", "fate", "row"}],
//      "unsearched": [ …notes… ],
//      "files": { …FileColumns… }}]}
//
// "row" is of files, or null.

#pragma once

#include <string>
#include <vector>

#include "cli/page.h"
#include "cli/reports/report.h"

namespace watertight::cli {

std::string PageDocument(const std::vector<CheckedImage>& images, PageKind kind);

}  // namespace watertight::cli
