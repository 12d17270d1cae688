// All that the layers of an image store, in columns: small enough for a page of a hundred thousand
// files.

#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "watertight/image.h"

namespace watertight::cli {

// Rows in the order of a tree: a directory stands before what it holds, entries of one path from
// the base up.
//   names      the last components, with a slash between each two. An empty one: the path of the
//              row before
//   depths     components of the paths, less one
//   layers     that store them; -1 for a directory that no layer states
//   attributes index into kinds; -1 with layer -1
//   kinds      [type, mode, uid, gid]
//   sizes      bytes of content
//   gone       of what is not visible three numbers: row; 0 deleted, 1 opaque, 2 overwritten, 3
//   none of
//              these; the layer that did it, or -1
//   judged     false when a layer cannot be read, so that nobody knows what is visible
struct FileColumns {
  std::string json;
  std::unordered_map<const Entry*, std::uint32_t> rows;
};

FileColumns ColumnsOf(const Image& image);

}  // namespace watertight::cli
