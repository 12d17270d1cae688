// Paths as texts.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator::commands {

// basename(1): "a/b/" is b, "/" is "/", "" is "".
std::string Basename(std::string_view path);
// dirname(1): "a/b/" is a, "a" is ".", "/a" is "/".
std::string Dirname(std::string_view path);
// "a", "b" is a/b; "a/", "b" too.
std::string Joined(std::string_view directory, std::string_view name);
std::string_view WithoutSlashes(std::string_view path);
std::vector<std::string> Components(std::string_view path);
// Without ".", ".." and double slashes, whatever links there are.
std::string Normal(std::string_view absolute);
// How one gets from a directory to a path; both absolute and normal.
std::string RelativeTo(std::string_view path, std::string_view directory);

}  // namespace watertight::generator::commands
