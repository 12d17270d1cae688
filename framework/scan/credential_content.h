// Whether a file that is called as one of credentials holds none.

#pragma once

#include <string>
#include <string_view>

namespace watertight {

// "is empty", "holds public keys alone": proves that the content holds no secret. Empty when that
// is not proven: more than 64 KiB, other bytes than printable ASCII, a format that is not read, a
// value that cannot be judged. path: a cleaned one, which says what format the file has.
std::string WhyNoSecret(std::string_view path, std::string_view content);

}  // namespace watertight
