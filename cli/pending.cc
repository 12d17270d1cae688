// Stands in for path patterns until they are part of the library.

#include <fnmatch.h>

#include <string>

#include "watertight/glob.h"

namespace watertight {

__attribute__((weak)) Glob::Glob(std::string pattern) : pattern_(std::move(pattern)) {}

__attribute__((weak)) bool Glob::Matches(std::string_view path) const {
  return fnmatch(pattern_.c_str(), std::string(path).c_str(), 0) == 0;
}

}  // namespace watertight
