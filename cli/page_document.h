// The data of the page, as one document of JSON:
//
//   {"schema": "watertight.page/1", "command": "check", "unopened": ["app.tar: …"], "images": [{
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

#include "cli/checks.h"
#include "cli/page.h"

namespace watertight::cli {

// One of images. results: of its checks; none for a page of `inspect`.
std::string ImageDocument(const Image& image, const std::vector<CheckResult>& results);

// images: as ImageDocument gives them. unopened: as of Page.
std::string PageDocument(const std::vector<std::string>& images, PageKind kind,
                         const std::vector<std::string>& unopened);

}  // namespace watertight::cli
