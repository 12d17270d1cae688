// Puts archives into files: under a temporary name first, then in one step under their own, so that
// nobody ever sees half a file.

#pragma once

#include <string>

#include "generator/archives/archive.h"
#include "generator/archives/rope.h"

namespace watertight::generator {

// Replaces the regular file `path`, or makes it. Throws: Error, when it is a folder or cannot be
// written; the file is then what it was. What is no file to be replaced is written to: a pipe, a
// device, and what this process has open itself, such as /dev/stdout.
void ReplaceFile(const std::string& path, const Rope& bytes);

// Writes the file under its own name from the start: into a folder that nobody looks into yet, and
// that goes as a whole when this throws.
void WriteNewFile(const std::string& path, const Rope& bytes);

// Writes a tar to the file, or a layout to the folder `path`; the folder may be missing, empty or
// a layout that was written before.
void SaveArchive(const std::string& path, const Archive& archive);

}  // namespace watertight::generator
