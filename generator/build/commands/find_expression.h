// The expression of find, parsed into a tree.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "generator/build/shell/process.h"

namespace watertight::generator::commands {

// A file that find came to.
struct FindEntry {
  std::string path;
  std::string start;  // the operand that it was found below
  const Inode* inode = nullptr;
  InodeNumber number = 0;
  int depth = 0;
};

// What a walk is asked to do by what it meets.
struct FindState {
  bool prune = false;
  bool quit = false;
  int status = 0;
};

// Commands that "-exec … +" collects for.
struct FindBatch {
  std::vector<std::string> words;
  std::vector<std::string> paths;
};

// A word that this find was built without; it prints its usage and ends with 1.
struct FindUsageError {
  std::string message;
};

struct FindExpression {
  using Test = std::function<bool(const FindEntry& entry, FindState& state)>;

  Test test;
  bool depth_first = false;
  int least_depth = 0;
  int most_depth = 1 << 30;
  std::vector<std::shared_ptr<FindBatch>> batches;
};

// Ends the build at a primary that is not modelled.
FindExpression ParseFind(Process& process, const std::vector<std::string>& words);

}  // namespace watertight::generator::commands
