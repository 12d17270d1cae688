// Lines of a text file, and what stands around the text of one.

#pragma once

#include <string_view>
#include <vector>

namespace watertight {

// Without their ends, LF or CR LF; without a line behind the last end.
std::vector<std::string_view> LinesOf(std::string_view text);
// Without blanks and tabs at both ends.
std::string_view Trimmed(std::string_view text);
// Without a pair of quotes around all of it.
std::string_view Unquoted(std::string_view text);

}  // namespace watertight
