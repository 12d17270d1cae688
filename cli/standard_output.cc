#include "cli/standard_output.h"

#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight::cli {

void ExpectOneForStandardOutput(const std::vector<std::string>& words) {
  if (words.size() < 2) return;
  throw Error(ErrorCode::kUsage, Printable(words[0]) + " and " + Printable(words[1]) +
                                     " both write to standard output, which takes one");
}

}  // namespace watertight::cli
