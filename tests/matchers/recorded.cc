#include "tests/matchers/recorded.h"

#include <filesystem>
#include <map>

namespace watertight::testing {

const Image& Recorded(const std::string& name) {
  static std::map<std::string, Image> images;
  const auto found = images.find(name);
  if (found != images.end()) return found->second;
  std::filesystem::current_path(WATERTIGHT_RECORDED_IMAGES);
  return images.emplace(name, Image::Open(name + ".tar")).first->second;
}

}  // namespace watertight::testing
