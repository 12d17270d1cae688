// Variables of instructions: which fields of which instruction take them.
#pragma once

#include "generator/dockerfile/instruction.h"
#include "generator/dockerfile/mount.h"
#include "generator/dockerfile/scope.h"

namespace watertight::generator {

// The instruction with the variables expanded that its builder expands. EXPOSE comes back as single
// ports (80/tcp); the classic builder's words are in the instruction as ExposeWords gives them. The
// mounts of RUN stay text: ExpandMounts reads them. From 1.8 on an ARG comes back with the value
// that it gets, before with its default. Throws: Error with the instruction's line.
Instruction Expand(const Instruction& instruction, const Scope& scope);

// The words of EXPOSE, split at the blanks of variables' values.
std::vector<std::string> ExposeWords(const Expose& expose, const Scope& scope);

// With the targets of directories made absolute. Throws: Error without a line.
std::vector<Mount> ExpandMounts(const Run& run, const Scope& scope, const std::string& workdir);

}  // namespace watertight::generator
