// Paths into a tree, as builders compute them before they touch a file.
#pragma once

#include <string>
#include <string_view>
#include <system_error>

#include "generator/build/file_tree.h"

namespace watertight::generator {

// Where `path` leads, all symbolic links followed, also the last; what does not exist is taken as
// written. Absolute, never outside of the root. Throws: Error for a loop of links.
std::string RootPath(const FileTree& tree, std::string_view path);
// The same for a process whose root is `root`. The result counts from the tree's root.
// Requires: `root` comes from RootPath.
std::string RootPathBelow(const FileTree& tree, const std::string& root, std::string_view path);

// The first part of a path, absolute and without symbolic links, that lies below what is no
// directory; empty when there is none.
std::string PartBelowFile(const FileTree& tree, const std::string& path);

// As Go's path/filepath has them; the results are cleaned.
std::string JoinPath(std::string_view a, std::string_view b);
std::string BaseName(std::string_view path);
std::string DirName(std::string_view path);

// As Go prints it: "not a directory".
std::string ErrnoText(std::errc error);

}  // namespace watertight::generator
