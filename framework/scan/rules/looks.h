// Looks at the text around a literal that are cheaper than the trial of a pattern: false where no
// match of their rule can hold the literal.

#pragma once

#include <cstddef>
#include <string_view>

namespace watertight {

// Only blanks stand before it in its line, or in its field of NULs.
bool FollowsLineEnd(std::string_view text, std::size_t at);
// Behind the name that it begins stands what may separate a name from its value: quotes, blanks,
// then one of "=:>(<{," or the word "value".
bool MayNameValue(std::string_view text, std::size_t at);
// 32 small hexadecimal digits stand before it.
bool FollowsDigits(std::string_view text, std::size_t at);
// A line "K 8", as Subversion has it before a key of eight bytes.
bool FollowsKeySize(std::string_view text, std::size_t at);
// "machine" or "default" stands in the 256 bytes before it.
bool FollowsHost(std::string_view text, std::size_t at);

}  // namespace watertight
