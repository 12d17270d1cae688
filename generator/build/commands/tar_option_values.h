// The values of tar's options.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "generator/build/commands/tar.h"

namespace watertight::generator::commands {

// --owner, or with `group` --group; nothing for what is neither a name nor a number.
std::optional<TarOwner> TarOwnerFrom(const Process& process, const std::string& text, bool group);

// --transform: "s,PATTERN,REPLACEMENT,FLAGS". Ends the build when that is not modelled.
TarTransform TarTransformFrom(const std::string& text);

// -a: plain when the name tells of no compressor.
PackedAs PackingOfSuffix(std::string_view name);
// -I; ends the build when the program is not modelled.
PackedAs PackingOfProgram(const std::string& program);

}  // namespace watertight::generator::commands
