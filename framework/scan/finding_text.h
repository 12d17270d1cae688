// Where a finding stands, for a person.

#pragma once

#include <string>

#include "watertight/finding.h"

namespace watertight {

// "app/secret.txt:1:12, gzip, base64", "history[3].created_by, byte 22", "the name app/x",
// "app/a.zip: b/c.txt:1:1". Without the layer, and never the value itself, but where a name is what
// holds it.
std::string PlaceText(const Finding& finding);

}  // namespace watertight
