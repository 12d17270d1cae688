// Patterns of the shell: * ? […], with a backslash before what is meant itself.
#pragma once

#include <string>
#include <string_view>

namespace watertight::generator::shell {

// Whether the whole of `text` matches.
bool MatchesPattern(std::string_view pattern, std::string_view text);

// dash takes ^ in brackets for itself: a pattern in which it is escaped there.
std::string WithPlainCaret(std::string_view pattern);

// Whether there is anything but plain text in it.
bool IsPattern(std::string_view text);

// The text that a pattern without special characters stands for.
std::string WithoutEscapes(std::string_view pattern);

// A pattern that matches just that text.
std::string EscapedPattern(std::string_view text);

}  // namespace watertight::generator::shell
