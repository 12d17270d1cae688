// What builders refuse of COPY, ADD and RUN although it parses.
#pragma once

#include <string_view>

#include "generator/dockerfile/dialect.h"
#include "generator/dockerfile/instruction.h"

namespace watertight::generator {

bool IsGitSource(std::string_view source);
bool IsHttpSource(std::string_view source);  // and no repository

// Of expanded instructions. Throws: Error without a line.
void CheckCopy(const Copy& copy, const Dialect& dialect);
void CheckAdd(const Add& add, const Dialect& dialect);

// The classic builder parses the flags of RUN, and refuses them when it runs it.
void CheckRun(const Source& source, const Dialect& dialect);

}  // namespace watertight::generator
