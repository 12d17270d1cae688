// The page around its data.

#pragma once

#include <string>
#include <string_view>

namespace watertight::cli {

// A document of JSON, so that no string of it ends the element <script> in which it stands, begins
// a comment there, or ends a line of JavaScript. It means the same.
std::string InScript(std::string_view json);

// The page of `inspect` and `check`.
std::string PageHtml(std::string_view json);

// cli/page/page.html with data, style and scripts in their places. Its policy lets a browser run
// and apply these alone, and load nothing.
std::string PageAround(std::string_view json, std::string_view style, std::string_view scripts);

// A file of cli/page, by its name; empty when there is none.
std::string_view PageFile(std::string_view path);

}  // namespace watertight::cli
