// Damage to the text of any JSON document.
#pragma once

#include <string>

#include "generator/faults/fault.h"

namespace watertight::generator {

using DamageText = std::string (*)(const FaultInput& input, const std::string& text);

// The last byte is missing.
std::string CutShort(const FaultInput& input, const std::string& text);
// A member that is deeply nested, "depth" levels. Requires: an object, or a list of objects.
std::string NestedDeep(const FaultInput& input, const std::string& text);
// A member with a number beyond all types.
std::string WithHugeNumber(const FaultInput& input, const std::string& text);
// A member with a text that is Latin-1.
std::string NotUtf8(const FaultInput& input, const std::string& text);

// `member` in front of the members of the document's first object.
std::string WithMember(const std::string& text, const std::string& member);

inline constexpr FaultParameter kDepth = {"depth", "levels of lists", 1, 1000000, 5000};

}  // namespace watertight::generator
