// Runs another program.

#pragma once

#include <string>
#include <vector>

namespace watertight::cli {

struct ProcessResult {
  int exit_code =
      -1;  // 128 + signal for a program that a signal ended; -1: it could not be started
  std::string output;  // at most kLongestOutput bytes of each
  std::string error;
};

inline constexpr std::size_t kLongestOutput = std::size_t{64} << 20;

// words: the program, which PATH finds, and its arguments; no shell reads them. Standard input is
// empty.
ProcessResult RunProcess(const std::vector<std::string>& words);

}  // namespace watertight::cli
