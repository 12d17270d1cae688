// What a file descriptor leads to: an open file of the tree, a pipe, a device.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "generator/archives/rope.h"
#include "generator/build/file_tree.h"

namespace watertight::generator {

// The bytes of a pipe that nobody has read yet, or all that went into a sink.
struct Pipe {
  Rope bytes;
  std::uint64_t offset = 0;  // of what is read next
  bool endless = false;      // the bytes are the beginning of what never ends
};

// An open file description: shared by all descriptors that were duplicated from one another.
struct Description {
  enum class Kind { kFile, kPipe, kNull, kZero, kFull, kRandom };
  Kind kind = Kind::kNull;
  bool readable = false;
  bool writable = false;
  bool append = false;

  // Of a file. It stays readable and writable when its name is gone.
  InodeNumber inode = 0;
  std::string path;
  std::uint64_t offset = 0;

  std::shared_ptr<Pipe> pipe = {};
};

std::shared_ptr<Description> ReadingEnd(std::shared_ptr<Pipe> pipe);
std::shared_ptr<Description> WritingEnd(std::shared_ptr<Pipe> pipe);

}  // namespace watertight::generator
