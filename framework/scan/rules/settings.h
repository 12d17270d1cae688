// Where a name and its value stand: in a setting, or somewhere in a text.

#pragma once

#include <cstddef>
#include <string_view>

#include "framework/scan/rules/rule.h"

namespace watertight {

// The value is all of a quoted string or of an element of XML, or of what is set on a line of its
// own: NAME=value of an environment, name: value, name = value, `export NAME=value`. name: a part
// of hit.text.
bool StandsInSetting(const RuleHit& hit, std::string_view name);

// NAME=value of an environment, on a line of its own.
bool StandsInEnvironment(const RuleHit& hit, std::string_view name);

// A URL that is all of what a line of settings gives a name: NAME=URL, name: URL, without the
// quotes of program text. at: within the URL's scheme or right behind it.
bool IsUrlOfSetting(std::string_view text, std::size_t at);

}  // namespace watertight
