// One line of comma separated values, as in --mount.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace watertight::generator {

// Throws: Error, `parse error on line 1, column 5: bare " in non-quoted-field` and the like.
// `open_quote_at_end`: a quote that is never closed is reported at the end of the line, not where
// it began.
std::vector<std::string> ParseCsv(std::string_view line, bool open_quote_at_end = false);

}  // namespace watertight::generator
