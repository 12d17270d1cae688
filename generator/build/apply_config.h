// What an instruction does to the image's configuration.
#pragma once

#include "generator/build/stage_build.h"
#include "generator/dockerfile/instruction.h"

namespace watertight::generator {

// `expanded`: with the variables of `stage` put in. Instructions that only touch files have no
// effect here. Throws: Error without a line.
void ApplyToConfig(const Instruction& expanded, StageBuild& stage);

// SHELL's words, or /bin/sh -c.
Words ShellOf(const ImageConfig& config);

// The words that are run: the shell in front of a shell form.
Words CommandWords(const CommandLine& line, const StageBuild& stage);

// Where WORKDIR leads from the current one.
std::string NextWorkdir(const std::string& path, const StageBuild& stage);

}  // namespace watertight::generator
