// The checksums that credentials carry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace watertight::generator::credentials {

// RFC 9580, section 6.1.1.
std::uint32_t Crc24(std::string_view bytes);
std::uint32_t Marvin32(std::string_view bytes, std::uint64_t seed);

// Six digits of base 62: the end of GitHub's and npm's tokens, over their bodies.
std::string Crc32InBase62(std::string_view body);

// BIP 173, constant 1, in lower case.
std::string Bech32(std::string_view human_part, std::string_view bytes);

// A check of a token: a function of all that stands before it, its prefix included.
struct Check {
  std::string_view name;    // "github-classic"
  std::string_view digits;  // the alphabet that its result is written in
  std::string (*compute)(std::string_view before);
};

// Null for an unknown name.
const Check* FindCheck(std::string_view name);

}  // namespace watertight::generator::credentials
