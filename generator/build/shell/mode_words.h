// File modes as the umask builtin reads and writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watertight::generator::shell {

// "u=rwx,g=rx,o=rx"
std::string SymbolicMode(std::uint32_t mode);
// "0022"
std::string OctalMode(std::uint32_t mode);
// 022, or symbols that change what the present mask lets through.
std::optional<std::uint32_t> ParseUmask(std::string_view text, std::uint32_t present);

}  // namespace watertight::generator::shell
