// Digests as raw bytes, and keyed by them.
#pragma once

#include <string>
#include <string_view>

namespace watertight::generator::credentials {

std::string Md5(std::string_view bytes);
std::string Sha1(std::string_view bytes);
std::string Sha256(std::string_view bytes);
std::string Sha512(std::string_view bytes);

std::string HmacSha1(std::string_view key, std::string_view bytes);
std::string HmacSha256(std::string_view key, std::string_view bytes);

}  // namespace watertight::generator::credentials
