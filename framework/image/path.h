// Names of tar entries are bytes; this file turns them into the paths of docs/whiteouts.md, rule 1.

#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace watertight {

struct CleanedName {
  std::string path;  // no leading slash, no ".", "..", empty components, no trailing slash; empty
                     // for the root
  bool escapes_root = false;  // a ".." asked for more than the root has
};

CleanedName CleanName(std::string_view name);

// {"a/b", "c"} of "a/b/c"; {"", "c"} of "c".
std::pair<std::string_view, std::string_view> SplitParent(std::string_view path);

// The text for a person: UTF-8 stays, control characters and broken UTF-8 become escapes such as \n
// and \xe9.
std::string Printable(std::string_view bytes);
// The text for JSON: broken UTF-8 becomes U+FFFD. IsUtf8 tells whether anything was lost.
std::string ToUtf8(std::string_view bytes);
bool IsUtf8(std::string_view bytes);

}  // namespace watertight
