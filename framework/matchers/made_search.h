// HasNoSecrets and NeverContains of a search that was made before, for who needs the findings too.

#pragma once

#include <gmock/gmock.h>

#include <vector>

#include "watertight/image.h"
#include "watertight/known_values.h"

namespace watertight {

// search: of the same image; must outlive the matcher.
::testing::Matcher<const Image&> HasNoSecretsIn(const ValueSearch& search);
// The same, with what the search was for.
::testing::Matcher<const Image&> NeverContainsIn(std::vector<Secret> values,
                                                 const ValueSearch& search);

}  // namespace watertight
