// Protocol buffers in their text form, as JSON: an object of each message, in which every field is
// a list, since the text does not tell which fields may be repeated.
//
//   a { b: "x" b: 2 }    is    {"a": [{"b": ["x", 2]}]}

#pragma once

#include <string>

#include "framework/image/json.h"

namespace watertight::bench {

// Numbers are numbers, true and false booleans, names of enumerators strings. place: for messages.
// Throws: Error, kBadJson.
Json ParseTextproto(const std::string& text, const std::string& place);

}  // namespace watertight::bench
