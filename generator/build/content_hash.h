// What the history of the classic builder and of buildah calls the copied files.
//
// Classic, over one file (moby pkg/tarsum, version 1): SHA-256 of each key followed by its value,
// in this order: name, mode, uid, gid, size, typeflag, linkname, uname, gname, devmajor, devminor,
// then the extended attributes; then the content. Numbers are decimal; no time is among them.
#pragma once

#include <string>
#include <vector>

#include "generator/build/file_rules.h"
#include "generator/build/file_tree.h"

namespace watertight::generator {

// Which tree a hash is of: a context goes through a client's tar, where a second name of a file is
// a link to its first.
enum class HashedSource { kContext, kStage, kDownload };

// "file:<hex>", "dir:<hex>", or the hex digits alone for a download. `path` is relative and exists.
std::string ClassicHash(const FileTree& files, const std::string& path, HashedSource source,
                        const FileRules& rules);

// The one, or "multi:<hex>" over several.
std::string CombinedHash(const std::vector<std::string>& hashes);

}  // namespace watertight::generator
