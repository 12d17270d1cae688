// Lines of a text file, and what stands around the text of one.

#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace watertight {

// Without their ends, LF or CR LF; without a line behind the last end.
std::vector<std::string_view> LinesOf(std::string_view text);
std::size_t CountLineEnds(std::string_view text);
// Without blanks at both ends; of blanks alone the empty text at their end.
std::string_view Trimmed(std::string_view text, std::string_view blanks = " \t");
// Without a pair of quotes around all of it.
std::string_view Unquoted(std::string_view text);

}  // namespace watertight
