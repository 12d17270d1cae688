// Backslash escapes in texts.
#pragma once

#include <string>
#include <string_view>

namespace watertight::generator::shell {

// The inside of $'…'.
std::string UnescapeAnsi(std::string_view text);

// What a backslash means to echo, or to printf.
struct EscapeRules {
  bool zero_octal = false;   // \0 and up to three more digits
  bool plain_octal = false;  // \ and up to three digits
  bool hexadecimal = false;  // \xHH
  bool unicode = false;      // \uHHHH, \UHHHHHHHH
  bool escape = false;       // \e
  bool stop = false;         // \c ends all output
};

// Appends to `into`; false when \c ends the output.
bool Unescape(std::string_view text, const EscapeRules& rules, std::string& into);

// A code point in UTF-8.
std::string Utf8(unsigned long code);

}  // namespace watertight::generator::shell
