// The rows of the table of builders, one in each builder's file.
#pragma once

#include "generator/builders/builder.h"

namespace watertight::generator {

extern const Builder kClassic2010;
extern const Builder kClassic26;
extern const Builder kClassic28;
extern const Builder kBuildkit08;
extern const Builder kBuildkit013;
extern const Builder kBuildkit025;
extern const Builder kBuildah128;
extern const Builder kBuildah128Layers;
extern const Builder kKaniko;

}  // namespace watertight::generator
