// Documents inside of a string of a document: JSON text, and base64 of it.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace watertight {

// A string literal of a JSON text, read.
struct EmbeddedString {
  std::string text;                  // with its escapes undone
  std::string key;                   // of the member that it is the value of; may be empty
  std::vector<std::size_t> offsets;  // of each byte of text, and of its end, in the outer text
  bool escaped = false;              // text differs from what the outer text holds
};

// The strings that are values in a text that is a JSON object or list; else none.
std::vector<EmbeddedString> EmbeddedStrings(std::string_view text);

// The bytes of a text that is wholly base64 (standard or URL alphabet) of a JSON object or list;
// else empty.
std::string EmbeddedBase64(std::string_view text);

}  // namespace watertight
