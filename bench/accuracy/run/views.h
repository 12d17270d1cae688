// An image as a scanner gets it to see.
//
//   image    the archive itself
//   layers   a folder: layers/0-0a3e2f356f38/… with the files of each layer, config.json,
//            history/0.txt, … with the text of each step, archive/… with the other files of the
//            archive
//   rootfs   a folder with what a container shows
//
// Folders hold plain files and hard links alone: no symbolic link leads out of them, no device, no
// owner, nothing that only root could write. Of a file that a layer stores twice the last one is
// there.

#pragma once

#include <map>
#include <optional>
#include <string>

#include "watertight/image.h"

namespace watertight::bench {

// Where a file of such a folder comes from.
struct Origin {
  std::optional<int> layer;
  std::string path;            // in the layer, or in the rootfs
  std::optional<int> history;  // the number of the step
  std::string member;          // another file of the archive
};

struct Tree {
  std::map<std::string, Origin> files;  // by path below the folder
  std::string sha256;                   // of all paths and contents
};

inline constexpr const char* kViews[] = {"image", "layers", "rootfs"};

// Writes the folder, which must be empty or missing; view: "layers" or "rootfs". What the file
// system refuses, such as a name of 300 bytes, is left out. Throws: Error.
Tree WriteTree(const Image& image, const std::string& view, const std::string& folder);

}  // namespace watertight::bench
