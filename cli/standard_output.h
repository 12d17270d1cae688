// `-` in place of the name of a file to write: standard output. What a command prints there else is
// left out then.

#pragma once

#include <string>
#include <vector>

namespace watertight::cli {

inline bool IsStandardOutput(const std::string& path) { return path == "-"; }

// words: the options that want it, as they were given. Throws: Error, kUsage, when it is more than
// one.
void ExpectOneForStandardOutput(const std::vector<std::string>& words);

}  // namespace watertight::cli
