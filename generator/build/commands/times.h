// Dates: from the texts that touch and date take, and into those that date and ls print. UTC.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace watertight::generator::commands {

struct CivilTime {
  std::int64_t year = 1970;
  int month = 1;
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int weekday = 4;  // 0 is Sunday
  int day_of_year = 1;
};

CivilTime CivilOf(std::int64_t seconds);
std::int64_t SecondsOf(const CivilTime& time);

// -d of coreutils: "@N", ISO 8601 in its forms, "now", "N days ago" and the like. Nothing for what
// is no date; what may be one but is not modelled ends the build.
std::optional<std::int64_t> ParseDate(std::string_view text, std::int64_t now);
// -d of BusyBox.
std::optional<std::int64_t> ParseBusyboxDate(std::string_view text, std::int64_t now);
// -t: [[CC]YY]MMDDhhmm[.ss]
std::optional<std::int64_t> ParseStamp(std::string_view text, std::int64_t now);

// strftime(3) in the C locale, with %N and the padding flags of date. Ends the build at a
// conversion that is not modelled.
std::string FormatTime(std::string_view format, std::int64_t seconds);

}  // namespace watertight::generator::commands
