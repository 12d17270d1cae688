// The rows of the table of builders, one in each builder's file.
#pragma once

#include "generator/builders/builder.h"

namespace watertight::generator {

extern const Builder kBuildkit025;

}  // namespace watertight::generator
