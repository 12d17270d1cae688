// One member of a gzip file (RFC 1952) as gzip and BusyBox write it, and what stands in its header.

#pragma once

#include <cstdint>
#include <string>

#include "generator/archives/rope.h"
#include "generator/build/decompress.h"

namespace watertight::generator::commands {

struct GzipMember {
  int level = 6;
  std::int64_t mtime = 0;
  std::string name = "";
  unsigned char extra_flags = 0;
};

Rope PackGzip(const Rope& content, const GzipMember& member);

struct GzipHeader {
  std::int64_t mtime = 0;
  std::string name = "";
  std::uint64_t size = 0;
};
// Of what is no gzip file, an empty one.
GzipHeader HeaderOf(const Rope& file);

}  // namespace watertight::generator::commands
