#pragma once

#include <string>
#include <string_view>

namespace watertight::generator {

// With padding, on one line (RFC 4648, section 4).
std::string Base64(std::string_view bytes);

}  // namespace watertight::generator
