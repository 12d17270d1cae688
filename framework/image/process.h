// Runs another program.

#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace watertight {

struct ProcessResult {
  int exit_code =
      -1;  // 128 + signal for a program that a signal ended; -1: it could not be started
  std::string output;  // at most kLongestOutput bytes of each
  std::string error;
};

inline constexpr std::size_t kLongestOutput = std::size_t{64} << 20;

struct ProcessOptions {
  std::vector<std::string> environment;  // "NAME=VALUE", beside and before this process's own
  std::function<void(pid_t process)> started;
  // Asked about ten times a second while it runs; false ends it.
  std::function<bool()> may_go_on;
};

// words: the program, which PATH finds, and its arguments; no shell reads them. Standard input is
// empty.
ProcessResult RunProcess(const std::vector<std::string>& words, const ProcessOptions& options = {});

}  // namespace watertight
