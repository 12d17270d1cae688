// The texts of Buildah's history.
#pragma once

#include <string>

#include "generator/builders/builder.h"

namespace watertight::generator {

// created_by of a step.
std::string BuildahCreatedBy(const Step& step);

}  // namespace watertight::generator
