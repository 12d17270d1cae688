// strftime(3) as date and ls have it.

#include <cctype>
#include <string>
#include <utility>

#include "generator/build/commands/calendar_names.h"
#include "generator/build/commands/times.h"
#include "generator/build/shell/process.h"

namespace watertight::generator::commands {
namespace {

std::string Padded(std::int64_t value, int width, char pad, char flag) {
  if (flag == '-') return std::to_string(value);
  if (flag == '_') pad = ' ';
  if (flag == '0') pad = '0';
  std::string digits = std::to_string(value);
  while (digits.size() < static_cast<std::size_t>(width)) digits.insert(digits.begin(), pad);
  return digits;
}

// The week of ISO 8601 and its year.
std::pair<std::int64_t, int> IsoWeek(const CivilTime& time) {
  const int weekday = (time.weekday + 6) % 7;  // 0 is Monday
  const int week = (time.day_of_year - 1 - weekday + 10) / 7;
  const auto weeks_of = [](std::int64_t year) {
    const auto last = [](std::int64_t y) { return (y + y / 4 - y / 100 + y / 400) % 7; };
    return last(year) == 4 || last(year - 1) == 3 ? 53 : 52;
  };
  if (week < 1) return {time.year - 1, weeks_of(time.year - 1)};
  if (week > weeks_of(time.year)) return {time.year + 1, 1};
  return {time.year, week};
}

std::string Converted(char conversion, char flag, std::int64_t seconds) {
  const CivilTime time = CivilOf(seconds);
  const std::string weekday = kWeekdays[static_cast<std::size_t>(time.weekday)];
  const std::string month = kMonths[static_cast<std::size_t>(time.month - 1)];
  const int hour12 = time.hour % 12 == 0 ? 12 : time.hour % 12;
  switch (conversion) {
    case 'Y':
      return Padded(time.year, 4, '0', flag);
    case 'C':
      return Padded(time.year / 100, 2, '0', flag);
    case 'y':
      return Padded(time.year % 100, 2, '0', flag);
    case 'm':
      return Padded(time.month, 2, '0', flag);
    case 'd':
      return Padded(time.day, 2, '0', flag);
    case 'e':
      return Padded(time.day, 2, ' ', flag);
    case 'H':
      return Padded(time.hour, 2, '0', flag);
    case 'I':
      return Padded(hour12, 2, '0', flag);
    case 'k':
      return Padded(time.hour, 2, ' ', flag);
    case 'l':
      return Padded(hour12, 2, ' ', flag);
    case 'M':
      return Padded(time.minute, 2, '0', flag);
    case 'S':
      return Padded(time.second, 2, '0', flag);
    case 'j':
      return Padded(time.day_of_year, 3, '0', flag);
    case 'u':
      return std::to_string(time.weekday == 0 ? 7 : time.weekday);
    case 'w':
      return std::to_string(time.weekday);
    case 'V':
      return Padded(IsoWeek(time).second, 2, '0', flag);
    case 'G':
      return std::to_string(IsoWeek(time).first);
    case 'g':
      return Padded(IsoWeek(time).first % 100, 2, '0', flag);
    case 'U':
      return Padded((time.day_of_year + 6 - time.weekday) / 7, 2, '0', flag);
    case 'W':
      return Padded((time.day_of_year + 6 - (time.weekday + 6) % 7) / 7, 2, '0', flag);
    case 'a':
      return weekday.substr(0, 3);
    case 'A':
      return weekday;
    case 'b':
    case 'h':
      return month.substr(0, 3);
    case 'B':
      return month;
    case 'p':
      return time.hour < 12 ? "AM" : "PM";
    case 'P':
      return time.hour < 12 ? "am" : "pm";
    case 's':
      return std::to_string(seconds);
    case 'N':
      return "000000000";
    case 'Z':
      return "UTC";
    case 'z':
      return "+0000";
    case 'n':
      return "\n";
    case 't':
      return "\t";
    case '%':
      return "%";
    case 'F':
      return FormatTime("%Y-%m-%d", seconds);
    case 'T':
      return FormatTime("%H:%M:%S", seconds);
    case 'R':
      return FormatTime("%H:%M", seconds);
    case 'D':
    case 'x':
      return FormatTime("%m/%d/%y", seconds);
    case 'X':
      return FormatTime("%H:%M:%S", seconds);
    case 'r':
      return FormatTime("%I:%M:%S %p", seconds);
    case 'c':
      return FormatTime("%a %b %e %H:%M:%S %Y", seconds);
    default:
      NotModelled(std::string("date +%") + conversion);
  }
}

}  // namespace

std::string FormatTime(std::string_view format, std::int64_t seconds) {
  std::string text;
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%' || at + 1 == format.size()) {
      text += format[at];
      continue;
    }
    char flag = 0;
    std::size_t next = at + 1;
    while (next + 1 < format.size() &&
           std::string_view("-_0^#").find(format[next]) != std::string_view::npos) {
      flag = format[next++];
    }
    if (format.substr(next).starts_with(":z")) {
      text += "+00:00";
      at = next + 1;
      continue;
    }
    if (format.substr(next).starts_with("3N")) {
      text += "000";
      at = next + 1;
      continue;
    }
    std::string converted = Converted(format[next], flag, seconds);
    if (flag == '^') {
      for (char& c : converted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    text += converted;
    at = next;
  }
  return text;
}

}  // namespace watertight::generator::commands
