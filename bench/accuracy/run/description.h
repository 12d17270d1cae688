// Checks of a scanner's description, beyond the types of its members: what scanner.schema.json
// asks. Each throws Error, kBadJson, with the place and what may stand there.

#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "framework/image/json.h"

namespace watertight::bench {

using Words = std::initializer_list<std::string_view>;

// No member but these.
void ExpectMembers(const JsonObject& object, Words known);
// These are there.
void ExpectPresent(const JsonObject& object, Words required);
// The member's text is one of these, or it is absent.
void ExpectOneOf(const JsonObject& object, const char* key, Words known);
// The member's texts, a list; none when it is absent.
std::vector<std::string> TextsOf(const JsonObject& object, const char* key);
// A pointer of RFC 6901.
void ExpectPointer(const std::string& pointer, const std::string& place);
// What stands in braces in it is one of these.
void ExpectPlaceholders(const std::string& text, Words known, const std::string& place);

}  // namespace watertight::bench
