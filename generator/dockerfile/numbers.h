// Numbers as Go reads them, with its messages.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace watertight::generator {

// 1h2m3.5s, 300ms, …; 0 without a unit. Throws: Error, `time: invalid duration "x"` and the like.
std::chrono::nanoseconds ParseDuration(std::string_view text);

// Throws: Error, `strconv.ParseInt: parsing "x": invalid syntax` and the like.
int64_t ParseInt(std::string_view text, int bits);

std::optional<uint64_t> ParseUint(std::string_view text, int base, int bits);
std::optional<bool> ParseBool(std::string_view text);

// Bytes: 512, 64k, 1.5 GiB, in powers of 1024.
std::optional<int64_t> ParseMemorySize(std::string_view text);

}  // namespace watertight::generator
