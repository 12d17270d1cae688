// Builds a Dockerfile and writes what a comparison with a real builder needs: the layers of the
// target as DIR/0.tar and so on, and its configuration as DIR/config.json.
//
//   save_layers BUILDER STORE CONTEXT DOCKERFILE DIR

#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "generator/archives/archive_file.h"
#include "generator/build/build.h"

namespace watertight::generator {
namespace {

std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void Save(char** arguments) {
  BuildRequest request;
  request.builder = arguments[1];
  request.store = arguments[2] == std::string("containerd") ? Store::kContainerd : Store::kOverlay2;
  request.context = DirectoryContext(arguments[3]);
  request.path = arguments[4];
  request.dockerfile = ReadAll(arguments[4]);
  request.clock = 2000000000;  // later than every file of a test
  const std::string out = std::string(arguments[5]) + "/";
  const BuiltImage image = Build(request);
  ReplaceFile(out + "config.json", Rope(image.saved.config));
  int number = 0;
  for (const SavedLayer& layer : image.saved.layers) {
    ReplaceFile(out + std::to_string(number++) + ".tar", layer.tar);
  }
}

}  // namespace
}  // namespace watertight::generator

int main(int count, char** arguments) {
  if (count != 6) return 2;
  try {
    watertight::generator::Save(arguments);
  } catch (const std::exception& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
