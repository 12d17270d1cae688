// The two forms of what `find` found.

#pragma once

#include <vector>

#include "watertight/known_values.h"

namespace watertight::cli {

class Output;

void WriteFindText(const Image& image, const std::vector<Secret>& secrets,
                   const ValueSearch& search, Output& out);
void WriteFindJson(const Image& image, const ValueSearch& search, Output& out);

}  // namespace watertight::cli
