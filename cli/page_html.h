// The page around its data.

#pragma once

#include <string>
#include <string_view>

namespace watertight::cli {

// A document of JSON, so that no string of it ends the element <script> in which it stands, begins
// a comment there, or ends a line of JavaScript. It means the same.
std::string InScript(std::string_view json);

// cli/page/page.html with style, scripts and data in their places. Its policy lets a browser run
// and apply these alone, and load nothing.
std::string PageHtml(std::string_view json);

}  // namespace watertight::cli
