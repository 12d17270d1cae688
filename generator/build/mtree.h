// Files described by lines of mtree(5), so that a base's root file system is text:
//
//   #mtree
//   /set uid=0 gid=0
//   ./bin            type=dir mode=0755
//   ./bin/busybox    type=file mode=0755
//   ./bin/sh         type=link link=/bin/busybox
//   ./etc/passwd     type=file mode=0644 contents=passwd
//
// `contents` names a file beside the description. An executable without contents is a stub: the
// header of an ELF file, enough for programs that look at the first bytes.

#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/archives/tar_writer.h"

namespace watertight::generator {

// Throws: Error with the line for what is not of this form.
std::vector<TarEntry> ReadMtree(std::string_view text, std::int64_t mtime,
                                const std::function<std::string(const std::string&)>& contents);

}  // namespace watertight::generator
