// Texts that only the holder of a key can read or make: AES-256-GCM, through OpenSSL.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace watertight {

inline constexpr std::size_t kSealKey = 32;  // bytes

// Throws: std::runtime_error, when the system has none.
std::string RandomBytes(std::size_t count);

// HMAC-SHA-256, 32 bytes.
std::string MacOf(std::string_view key, std::string_view text);

// Requires: a key of kSealKey bytes. Throws: std::runtime_error.
std::string Seal(std::string_view key, std::string_view text);
// Nothing when a byte is not what Seal made with this key.
std::optional<std::string> Unseal(std::string_view key, std::string_view sealed);

}  // namespace watertight
