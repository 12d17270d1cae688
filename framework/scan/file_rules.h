// Rules that need the name of a file: a password alone in it, a line of its grammar.

#pragma once

#include <cstdint>
#include <string_view>

#include "framework/image/contents.h"
#include "watertight/image.h"
#include "watertight/known_values.h"
#include "watertight/secrets.h"

namespace watertight {

// Adds what the files of all layers hold by such rules, where nothing was found before, and gives
// findings of general rules the kind of their file. What is ready is not read.
void AddFileFindings(const Image& image, const ReadyContents& ready, ValueSearch* result);

// Whether one of these rules is for a file of this path and size.
bool HasFileRule(std::string_view path, std::uint64_t size);

// The kinds that only these rules find.
std::vector<SecretKind> FileKinds();

}  // namespace watertight
