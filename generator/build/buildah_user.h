// USER as buildah looks it up (pkg/chrootuser): a name needs /etc/passwd, root's too.
#pragma once

#include <string>

#include "generator/build/file_tree.h"
#include "generator/build/run.h"

namespace watertight::generator {

// Throws: Error in buildah's words.
RunUser ResolveBuildahUser(const FileTree& tree, const std::string& user);

}  // namespace watertight::generator
