// Archives that ADD unpacks: what is one, and what becomes of it.
#pragma once

#include <optional>
#include <string>

#include "generator/archives/rope.h"
#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"
#include "generator/build/ownership.h"

namespace watertight::generator {

// The tar in `file`, decompressed, when the builder takes it for an archive: told by its first
// bytes, and a first header that can be read.
std::optional<Rope> OpenArchive(const Rope& file, const FileRules& rules);

// Requires: `directory` comes from RootPath. Throws: Error for a damaged archive.
void UnpackInto(FileTree& tree, const std::string& directory, const Rope& tar,
                std::optional<Ownership> owner, const FileRules& rules);

}  // namespace watertight::generator
