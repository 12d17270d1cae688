#include "framework/image/path.h"

#include <vector>

namespace watertight {

CleanedName CleanName(std::string_view name) {
  CleanedName cleaned;
  std::vector<std::string_view> parts;
  while (!name.empty()) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    name = slash == std::string_view::npos ? std::string_view() : name.substr(slash + 1);
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      cleaned.escapes_root = true;
    } else {
      parts.pop_back();
    }
  }
  for (const std::string_view part : parts) {
    if (!cleaned.path.empty()) cleaned.path += '/';
    cleaned.path += part;
  }
  return cleaned;
}

std::pair<std::string_view, std::string_view> SplitParent(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {std::string_view(), path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace watertight
