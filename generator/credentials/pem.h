// Textual encodings of keys.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace watertight::generator::credentials {

// RFC 7468, without the final newline: "-----BEGIN LABEL-----", base 64 in lines, the end line.
std::string Pem(std::string_view label, std::string_view bytes, std::size_t width = 64);

// The two marker lines alone.
std::string PemMarkers(std::string_view label);

}  // namespace watertight::generator::credentials
