// What listings say about files.

#pragma once

#include <string>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

// "rwxr-sr-t"
std::string ModeLetters(std::uint32_t mode);
// "drwxr-xr-x"
std::string TypeAndMode(const Inode& inode);
// "regular empty file", "directory", as stat and file messages have it.
std::string TypeName(const Inode& inode);
// st_mode with its type bits.
std::uint32_t FullMode(const Inode& inode);
// How many names a file has; of a directory 2 and one for each directory in it.
std::int64_t LinkCount(const FileTree& tree, InodeNumber number);
// st_size: of a directory 4096, of a symbolic link its target's length.
std::uint64_t SizeOf(const Inode& inode);

}  // namespace watertight::generator::commands
