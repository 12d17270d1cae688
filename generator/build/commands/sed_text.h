// The texts in a script of sed: patterns, replacements and the strings of y, with their escapes.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generator/build/commands/sed_script.h"

namespace watertight::generator::commands {

// The letters of \n, \t and the like, and the bytes that they stand for.
inline constexpr std::string_view kSedEscapeLetters = "afnrtv";
inline constexpr std::string_view kSedEscapeBytes = "\a\f\n\r\t\v";

// Ends the build.
[[noreturn]] void RefuseSed(const std::string& what);

// Whether a byte means something of its own in a regular expression.
bool IsSpecialInSed(char c);

// Turns \n, \t, \x41 and the like into the bytes they mean; other backslashes stay.
std::string WithSedEscapes(std::string_view text);

// What s puts in place of a match.
std::vector<SedReplacement> ParseSedReplacement(std::string_view text, bool has_cases);

// A string of y: every backslash goes.
std::string WithoutSedEscapes(std::string_view text);

}  // namespace watertight::generator::commands
