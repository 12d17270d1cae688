// The contents that the tests of a file ask for.
//
// A compressed layer is undone from its beginning for each file that is read of it; so all files
// that any of the tests names are read together, when the first is asked for.

#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "cli/structure_tests/structure_tests.h"
#include "watertight/image.h"

namespace watertight::cli {

class TestContents {
 public:
  // Those of one image are kept: of the one that was asked for last.
  // Throws: Error, when it cannot be read.
  std::string Of(const Image& image, const StructureTests& tests, const RootfsEntry& file);

 private:
  void ReadAll(const Image& image, const StructureTests& tests);

  std::optional<Image> image_;  // whose contents they are
  std::unordered_map<const Entry*, std::string> contents_;
};

}  // namespace watertight::cli
