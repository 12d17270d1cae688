// What in a text of a document could be a secret, and whether it is one.

#pragma once

#include <string_view>
#include <vector>

#include "framework/scan/document.h"
#include "framework/scan/possible_secret.h"
#include "framework/scan/recorded_step.h"
#include "watertight/leaks.h"

namespace watertight {

// Names and values of the whole document.
KnownBindings LearnBindings(const std::vector<DocumentString>& strings);

// Those first that know best where their value ends. They may overlap.
std::vector<PossibleSecret> PossibleSecrets(const DocumentString& string,
                                            const KnownBindings& known);

// The rule that makes it a leak, or null.
const char* LeakRule(const PossibleSecret& possible, std::string_view value,
                     const CleanOptions& options);

}  // namespace watertight
