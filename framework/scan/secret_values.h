// Which values are a secret once a name, option or place says that they could be.

#pragma once

#include <string_view>

namespace watertight {

// False for what only stands for a secret or is none: empty, a reference ($X, $(…), vault:…, a
// path), a placeholder (changeme, <YOUR_TOKEN>, xxxx), a switch or number, a hash, a public key.
// Without alone, what the value is bound to proves little, and the value itself must look made by
// chance.
bool IsSecretValue(std::string_view name, std::string_view value, bool alone);

// A qualified name, a pattern, a format, the name of a host: what stands where a value could.
bool IsProgramText(std::string_view value);

// The value is all of one reference such as $X, ${X}, $(cat x).
bool IsReference(std::string_view value);

// Of letters and what joins words.
bool IsWord(std::string_view value);

// Long and mixed enough that its occurrence elsewhere is no accident.
bool IsDistinctive(std::string_view value);

}  // namespace watertight
