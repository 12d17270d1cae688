// Who --chown and USER mean: names are looked up in the stage's /etc/passwd and /etc/group.
#pragma once

#include <cstdint>
#include <string>

#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"

namespace watertight::generator {

struct Ownership {
  std::int64_t uid = 0;
  std::int64_t gid = 0;
};

// `text` is USER, USER:GROUP or :GROUP, by name or number. Throws: Error for a name that the
// builder refuses.
Ownership LookUpOwnership(const std::string& text, const FileTree& stage, const FileRules& rules);

// The name that a tree's own files have for an id, as os/user finds it for a process whose root is
// the tree and whose user is root; "" for none.
std::string UserNameOf(const FileTree& tree, std::int64_t uid);
std::string GroupNameOf(const FileTree& tree, std::int64_t gid);

}  // namespace watertight::generator
