#include "generator/dockerfile/path_clean.h"

#include <vector>

namespace watertight::generator {

std::string CleanPath(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
    if (part.empty() || part == ".") continue;
    if (part != "..")
      parts.push_back(part);
    else if (!parts.empty() && parts.back() != "..")
      parts.pop_back();
    else if (!absolute)
      parts.push_back(part);
  }
  std::string clean = absolute ? "/" : "";
  for (const std::string_view part : parts) {
    if (!clean.empty() && clean != "/") clean += '/';
    clean += part;
  }
  return clean.empty() ? "." : clean;
}

}  // namespace watertight::generator
