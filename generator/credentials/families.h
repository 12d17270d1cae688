// The kinds by family; each has a file.
#pragma once

#include <array>
#include <vector>

#include "generator/credentials/credentials.h"

namespace watertight::generator::credentials {

std::vector<Kind> VcsKinds();

inline constexpr std::array kFamilies = {VcsKinds};

}  // namespace watertight::generator::credentials
