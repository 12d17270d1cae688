// Bytes and numbers as text, beside Base64 (generator/builders/base64.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace watertight::generator::credentials {

inline constexpr std::string_view kDigits = "0123456789";
inline constexpr std::string_view kUpper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
inline constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz";
// In the order in which GitHub and npm count.
inline constexpr std::string_view kBase62Digits =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kBase36Digits = "0123456789abcdefghijklmnopqrstuvwxyz";
inline constexpr std::string_view kBase64Digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
inline constexpr std::string_view kBase64UrlDigits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
inline constexpr std::string_view kBase32Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
inline constexpr std::string_view kBase58Digits =
    "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
// Of crypt(3), in the order of their values.
inline constexpr std::string_view kCryptDigits =
    "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

std::string Hex(std::string_view bytes);
std::string UpperHex(std::string_view bytes);
// RFC 4648, section 6; without padding.
std::string Base32(std::string_view bytes);
// RFC 4648, section 5; without padding.
std::string Base64Url(std::string_view bytes);
// Either alphabet, with padding or without; wrong characters end it.
std::string Base64Decoded(std::string_view text);
// Lines of `width` characters, each ended.
std::string Wrapped(std::string_view text, std::size_t width);

// Most significant digit first, zero-padded to `width`.
std::string InDigits(std::uint64_t number, std::string_view digits, std::size_t width);

}  // namespace watertight::generator::credentials
