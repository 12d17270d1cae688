// The scorecard: a score as one page to look at.

#pragma once

#include <span>
#include <string>
#include <string_view>

#include "cli/page_files.h"

namespace watertight::cli {

// cli/score_page, sorted by path.
std::span<const EmbeddedFile> ScorePageFiles();

// json: of "watertight.score/1". The page has the style and the policy of the others.
std::string ScorePageHtml(std::string_view json);

}  // namespace watertight::cli
