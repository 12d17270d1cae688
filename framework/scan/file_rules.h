// Rules that need the name of a file: a password alone in it, a line of its grammar.

#pragma once

#include "watertight/image.h"
#include "watertight/known_values.h"
#include "watertight/secrets.h"

namespace watertight {

// Adds what the files of all layers hold by such rules, where nothing was found before, and gives
// findings of general rules the kind of their file.
void AddFileFindings(const Image& image, ValueSearch* result);

// The kinds that only these rules find.
std::vector<SecretKind> FileKinds();

}  // namespace watertight
