// HasNoSecrets of a search that was made before, for who needs the findings too.

#pragma once

#include <gmock/gmock.h>

#include "watertight/image.h"
#include "watertight/known_values.h"

namespace watertight {

// search: of the same image; must outlive the matcher.
::testing::Matcher<const Image&> HasNoSecretsIn(const ValueSearch& search);

}  // namespace watertight
