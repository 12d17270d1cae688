// SHA-256, written as the formats write it: 64 lower-case hex digits.

#pragma once

#include <string>
#include <string_view>

#include "generator/archives/rope.h"

namespace watertight::generator {

std::string Sha256Hex(std::string_view bytes);
std::string Sha256Hex(const Rope& bytes);

// "sha256:" and the digits.
std::string Digest(std::string_view bytes);
std::string Digest(const Rope& bytes);

// The digits of a digest, also of one that lacks the prefix.
std::string HexOf(const std::string& digest);

}  // namespace watertight::generator
