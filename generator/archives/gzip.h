// gzip (RFC 1952) around a deflate (RFC 1951) of our own: libraries change their choices from
// version to version, and the bytes of an archive must not. Blocks have dynamic Huffman codes like
// those of every real compressor, so that a layer's text cannot be read in the archive without
// unpacking it; what does not shrink is stored.

#pragma once

#include "generator/archives/rope.h"

namespace watertight::generator {

// The ten bytes in front, by who compresses.
enum class GzipStyle {
  kGo,          // Docker, BuildKit, containerd: compress/gzip
  kGoFast,      // crane: the same, at best speed
  kContainers,  // skopeo, podman, buildah: a parallel gzip, with a strange time
  kJava,        // jib
};

Rope Gzip(const Rope& bytes, GzipStyle style);

}  // namespace watertight::generator
