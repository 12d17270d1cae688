// The evidence of a failure message: what each layer does to some paths, beside the history.

#pragma once

#include <string>
#include <vector>

#include "watertight/image.h"

namespace watertight {

// "48 bytes, mode 0600", "symlink to ../x", "directory, mode 0755".
std::string Facts(const Entry& entry);
// "1 byte", "2 bytes"; "1 layer", "2 layers".
std::string Count(std::uint64_t count, const std::string& noun);
// "a", "a and b", "a, b and c".
std::string Enumerated(const std::vector<std::string>& words, const char* last = "and");

// Lines that begin with a newline and four spaces:
//   layer 0           ADD rootfs.tar /
//   layer 1  stores   COPY .npmrc /root/.npmrc               48 bytes, mode 0600
//   layer 2  deletes  RUN npm ci && rm -f /root/.npmrc
// Of several paths, each has a line of its own below the layer. found: sorted by path and layer.
std::string LayerTable(const Image& image, const std::vector<StoredEntry>& found);

}  // namespace watertight
