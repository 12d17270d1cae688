// A context that is a directory on disk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "generator/build/context_filter.h"

namespace watertight::generator {

// What becomes of fractions of a second.
enum class Fractions { kCut, kRounded };

// Reads names and attributes, no contents, and follows no symbolic link. Throws: Error.
void AddDirectory(const std::string& directory, std::int64_t clock, Fractions fractions,
                  ContextFilter& filter);

// Nothing if there is no such file. Throws: Error when it cannot be read.
std::optional<std::string> ReadDiskFile(const std::string& path);

}  // namespace watertight::generator
