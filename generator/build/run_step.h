// RUN as a step of a build: what its command sees, and what a builder says when it fails.
#pragma once

#include <map>
#include <string>

#include "generator/builders/builder.h"

namespace watertight::generator {

// The words that are run: the shell and its script, or the exec form.
Words RunWords(const Step& step);

// Runs it in the files of the stage. `arguments`: all of --build-arg; `mounted`: variables that
// mounts set. Throws: Error without a line.
void RunInStage(const Step& step, const std::map<std::string, std::string>& arguments,
                const Environment& mounted);

}  // namespace watertight::generator
