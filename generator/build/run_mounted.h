// RUN between its mounts: those of the runtime, and those of --mount.
#pragma once

#include <map>
#include <string>

#include "generator/build/mounts.h"
#include "generator/builders/builder.h"

namespace watertight::generator {

// Runs the step in the files of its stage. `context`: all files of the build; `arguments`: all of
// --build-arg. Throws: Error without a line.
void RunMounted(const Step& step, const Builder& builder, const MountSources& sources,
                const FileTree& context, const std::map<std::string, std::string>& arguments);

}  // namespace watertight::generator
