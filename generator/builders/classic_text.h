// What the history of the classic builder says of an instruction.
#pragma once

#include <string>

#include "generator/builders/builder.h"
#include "generator/builders/classic.h"

namespace watertight::generator {

// The command of the container that is committed: a shell and a comment for it, or for RUN what
// was run, after the build arguments in effect. The history joins the words with spaces.
Words ClassicCommand(const Step& step, const ClassicVersion& version);

}  // namespace watertight::generator
