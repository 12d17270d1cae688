// Where the instructions of a stage take files from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/dockerfile/dockerfile.h"
#include "generator/dockerfile/instruction.h"

namespace watertight::generator {

// A stage or an image that another stage takes files from: COPY --from, RUN --mount=from=.
struct StageSource {
  std::string name;             // as written
  std::optional<size_t> stage;  // nothing: an image
  int line = 0;
  std::string target = {};  // of a mount, as written
  std::string option = {};  // the whole of a mount's text
  bool operator==(const StageSource&) const = default;
};

// The source of one instruction, for triggers of ONBUILD too. `current` is the stage that runs it.
// Throws: Error without a line.
std::vector<StageSource> SourcesOf(const Instruction& instruction, const Dockerfile& file,
                                   size_t current);

}  // namespace watertight::generator
