#include "generator/archives/clock.h"

#include <array>
#include <chrono>
#include <cstdio>

namespace watertight::generator {
namespace {

// "+02:00" in seconds; "Z" is 0.
std::int64_t ZoneOf(const std::string& text) {
  const std::size_t sign = text.find_first_of("+-", 19);
  int hours = 0;
  int minutes = 0;
  if (sign == std::string::npos) return 0;
  if (std::sscanf(text.c_str() + sign + 1, "%2d:%2d", &hours, &minutes) != 2) return 0;
  const std::int64_t offset = (std::int64_t{hours} * 60 + minutes) * 60;
  return text[sign] == '-' ? -offset : offset;
}

}  // namespace

std::optional<std::int64_t> SecondsOf(const std::string& rfc3339) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (std::sscanf(rfc3339.c_str(), "%4d-%2u-%2uT%2d:%2d:%2d", &year, &month, &day, &hour, &minute,
                  &second) != 6) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  const std::int64_t minutes = (days.count() * std::int64_t{24} + hour) * 60 + minute;
  return minutes * 60 + second - ZoneOf(rfc3339);
}

std::string Rfc3339(std::int64_t seconds) {
  const std::int64_t days = (seconds >= 0 ? seconds : seconds - 86399) / 86400;
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  const auto rest = static_cast<int>(seconds - days * 86400);
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), rest / 3600, rest / 60 % 60, rest % 60);
  return text.data();
}

}  // namespace watertight::generator
