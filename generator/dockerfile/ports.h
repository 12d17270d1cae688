// The ports of EXPOSE.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/dockerfile/dialect.h"

namespace watertight::generator {

// 8000-8001/udp as 8000/udp and 8001/udp. Addresses and host ports in front are read and dropped.
// Buildah takes the text as it is. Throws: Error.
std::vector<std::string> ParsePorts(std::string_view text, const Dialect& dialect);

}  // namespace watertight::generator
