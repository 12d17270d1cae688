// Keys of Azure that tell their service.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace watertight::generator::credentials {

// Base 64 of `bytes` bytes: the drawn text, the service's signature in the ten characters before
// the padding, zeros up to four bytes of Marvin32 of all that is before them.
std::string SignedAzureKey(std::string_view drawn, std::string_view signature, std::size_t bytes,
                           std::uint64_t seed);

}  // namespace watertight::generator::credentials
