// Which images a command line names: by references, by lists of them, by folders.

#pragma once

#include <string>
#include <vector>

namespace watertight::cli {

struct ListedImage {
  std::string reference;
  bool of_folder = false;  // it lies in a folder that was named, and begins as an image does
};

struct ImageList {
  std::vector<ListedImage> images;
  std::vector<std::string> others;  // what lies in such a folder, and is no image
};

// words: references, "@FILE" for a list, and folders that are no image themselves: whatever lies
// directly in one is an image, in natural order. lists: files of one word a line, but for lines
// that begin with #; "-" is standard input. Throws: Error, one line.
ImageList ListImages(const std::vector<std::string>& words, const std::vector<std::string>& lists);

}  // namespace watertight::cli
