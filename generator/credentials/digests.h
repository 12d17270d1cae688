// SHA-256, and keyed by it, as raw bytes.
#pragma once

#include <string>
#include <string_view>

namespace watertight::generator::credentials {

std::string Sha256(std::string_view bytes);

std::string HmacSha256(std::string_view key, std::string_view bytes);

}  // namespace watertight::generator::credentials
