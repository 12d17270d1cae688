// Files that are built into the library.

#pragma once

#include <span>
#include <string_view>

namespace watertight::generator {

struct EmbeddedFile {
  std::string_view path;  // relative to the folder that was embedded
  std::string_view content;
};

// fixtures/bases, sorted by path.
std::span<const EmbeddedFile> BaseFiles();

// fixtures but for its bases, sorted by path.
std::span<const EmbeddedFile> FixtureFiles();

}  // namespace watertight::generator
