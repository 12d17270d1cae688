// From a node to an instruction: the number and the form of the arguments, and the flags.
#pragma once

#include <string>
#include <variant>

#include "generator/dockerfile/dialect.h"
#include "generator/dockerfile/instruction.h"
#include "generator/dockerfile/node.h"

namespace watertight::generator {

// Throws: Error without a line.
std::variant<Stage, Instruction> ParseInstruction(const Node& node, const Dialect& dialect);

// The parsers of single families, each in a file of its own.
Stage ParseFrom(const Node& node, const Dialect& dialect);
Add ParseAdd(const Node& node, const Dialect& dialect);
Copy ParseCopy(const Node& node, const Dialect& dialect);
Run ParseRun(const Node& node, const Dialect& dialect);
Healthcheck ParseHealthcheck(const Node& node, const Dialect& dialect);

Source SourceOf(const Node& node, const Dialect& dialect);
CommandLine CommandLineOf(const Node& node);

}  // namespace watertight::generator
