// Times in documents: RFC 3339 in UTC, as Go writes them.

#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace watertight::generator {

// Whole seconds since 1970 of "2026-11-23T20:42:52.32738036Z"; nothing for what is no time.
std::optional<std::int64_t> SecondsOf(const std::string& rfc3339);

// "2026-11-23T20:42:52Z"
std::string Rfc3339(std::int64_t seconds);

}  // namespace watertight::generator
