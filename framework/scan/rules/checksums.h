// Checksums that providers put into their tokens, computed by this side on its own.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace watertight {

std::uint32_t Crc32(std::string_view bytes);
// OpenPGP's (RFC 4880, 6.1).
std::uint32_t Crc24(std::string_view bytes);
std::uint32_t Marvin32(std::string_view bytes, std::uint64_t seed);
// BIP 173, constant 1. text: in lower case, with its human part and checksum.
bool IsBech32(std::string_view text);

// The number's digits, the most significant first, filled with the zero digit.
std::string InDigits(std::uint64_t number, std::string_view digits, std::size_t width);

// What the text decodes to; false when it is not base64. Either alphabet, with or without padding.
bool DecodeBase64(std::string_view text, std::string* bytes);
// The same of hexadecimal digits of either case.
bool DecodeHex(std::string_view text, std::string* bytes);
std::string EncodeBase32(std::string_view bytes);
// Without escapes such as %2F; what is none stays.
std::string WithoutPercent(std::string_view text);

}  // namespace watertight
