// What scanner.schema.json asks of a scanner's description.

#pragma once

#include <span>
#include <string>

#include "framework/image/json.h"
#include "generator/build/embedded_files.h"

namespace watertight::bench {

using generator::EmbeddedFile;

// bench/accuracy/scanners/scanner.schema.json, as it is built into the library.
std::span<const EmbeddedFile> DescriptionSchema();

// place: the file, for messages. Throws: Error, kBadJson: the member that is wrong, and how.
void CheckDescription(const Json& scanner, const std::string& place);

}  // namespace watertight::bench
