// A parsed Dockerfile.
//
//   const Dockerfile file = ParseDockerfile(text, {.path = "Dockerfile"});
//   for (const Stage& stage : file.stages) …
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/dockerfile/dialect.h"
#include "generator/dockerfile/directives.h"
#include "generator/dockerfile/instruction.h"
#include "generator/dockerfile/node.h"

namespace watertight::generator {

struct Dockerfile {
  Dialect dialect;     // of the builder, or the one that `# syntax=` asked for
  char escape = '\\';  // of the words of instructions
  std::vector<Directive> directives;
  std::vector<Instruction> global_args;  // the ARGs before the first FROM
  std::vector<Stage> stages;             // at least one
  std::vector<Warning> warnings;
};

struct ParseOptions {
  std::string path = "Dockerfile";  // for messages
  std::string builder = "buildkit-0.25";
};

// Throws: Error with path and line, in the words of the builder's own parser.
Dockerfile ParseDockerfile(std::string_view text, const ParseOptions& options = {});

// One instruction, as a trigger of ONBUILD is run. Throws: Error without path and line.
Instruction ParseTrigger(const std::string& text, const Dialect& dialect);

}  // namespace watertight::generator
