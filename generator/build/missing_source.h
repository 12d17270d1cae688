// What BuildKit says of a source that is not there.
#pragma once

#include <string>

#include "generator/build/copy.h"
#include "generator/build/file_rules.h"
#include "generator/error.h"

namespace watertight::generator {

// `path` is absolute and cleaned.
Error MissingSource(const CopySource& source, const std::string& path, const FileRules& rules);

}  // namespace watertight::generator
