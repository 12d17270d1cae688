// The signals of STOPSIGNAL.
#pragma once

#include <string>

#include "generator/dockerfile/dialect.h"

namespace watertight::generator {

// A number that is not 0, or a name with or without SIG, in any case. Throws: Error.
void CheckSignal(const std::string& signal, const Dialect& dialect);

}  // namespace watertight::generator
