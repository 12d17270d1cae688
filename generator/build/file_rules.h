// How builders differ in what they do to files, one row each.
#pragma once

#include <string_view>

#include "generator/dockerfile/dialect.h"

namespace watertight::generator {

struct FileRules {
  std::string_view builder;
  Family family;
};

// Throws: Error for an unknown builder.
const FileRules& FileRulesOf(std::string_view builder);

}  // namespace watertight::generator
