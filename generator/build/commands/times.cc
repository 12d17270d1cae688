#include "generator/build/commands/times.h"

#include <array>
#include <cctype>
#include <vector>

#include "generator/build/commands/accounts.h"
#include "generator/build/commands/calendar_names.h"
#include "generator/build/shell/process.h"

namespace watertight::generator::commands {
namespace {

constexpr std::int64_t kDay = 86400;

// Days from 1970-01-01, by Howard Hinnant's arithmetic of 400-year eras.
std::int64_t DaysOf(std::int64_t year, int month, int day) {
  year -= month <= 2 ? 1 : 0;
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t of_era = year - era * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool IsLeap(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

bool IsValid(const CivilTime& time) {
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (time.month < 1 || time.month > 12) return false;
  const int days = kDays[static_cast<std::size_t>(time.month - 1)] +
                   (time.month == 2 && IsLeap(time.year) ? 1 : 0);
  return time.day >= 1 && time.day <= days && time.hour <= 23 && time.minute <= 59 &&
         time.second <= 60;
}

// Reads texts by a pattern in which Y, M, D, h, m, s stand for digits of a field.
std::optional<CivilTime> Match(std::string_view text, std::string_view pattern, CivilTime time) {
  if (text.size() != pattern.size()) return std::nullopt;
  std::array<int, 128> fields;
  fields.fill(-1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char kind = pattern[i];
    if (std::string_view("YMDhms").find(kind) == std::string_view::npos) {
      if (text[i] != kind) return std::nullopt;
      continue;
    }
    if (!std::isdigit(static_cast<unsigned char>(text[i]))) return std::nullopt;
    int& field = fields[static_cast<unsigned char>(kind)];
    field = (field < 0 ? 0 : field) * 10 + (text[i] - '0');
  }
  const auto take = [&](char kind, int& into) {
    if (fields[static_cast<unsigned char>(kind)] >= 0)
      into = fields[static_cast<unsigned char>(kind)];
  };
  if (fields['Y'] >= 0) time.year = fields['Y'];
  take('M', time.month);
  take('D', time.day);
  take('h', time.hour);
  take('m', time.minute);
  take('s', time.second);
  if (!IsValid(time)) return std::nullopt;
  return time;
}

// "Z", "UTC", "+01:00", "-0500" at the end; takes it off.
bool TakeZone(std::string_view& text, std::int64_t& offset) {
  for (const std::string_view zone : {" UTC", "UTC", " GMT", "GMT", " Z", "Z"}) {
    if (!text.ends_with(zone) || text.size() == zone.size()) continue;
    text.remove_suffix(zone.size());
    return true;
  }
  const std::size_t sign = text.find_last_of("+-");
  const std::size_t colon = text.find(':');
  if (sign == text.npos || colon == text.npos || sign < colon) return false;
  std::string digits;
  for (const char c : text.substr(sign + 1)) {
    if (c != ':') digits += c;
  }
  const auto number = NumberOf(digits);
  if (!number || (digits.size() != 2 && digits.size() != 4)) return false;
  const std::int64_t minutes =
      digits.size() == 2 ? *number * 60 : *number / 100 * 60 + *number % 100;
  offset = (text[sign] == '-' ? -60 : 60) * minutes;
  text = text.substr(0, sign);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return true;
}

std::optional<std::int64_t> UnitOf(std::string_view word) {
  struct Unit {
    std::string_view name;
    std::int64_t seconds;
  };
  constexpr std::array kUnits = {Unit{"second", 1},     Unit{"sec", 1},     Unit{"minute", 60},
                                 Unit{"min", 60},       Unit{"hour", 3600}, Unit{"day", kDay},
                                 Unit{"week", 7 * kDay}};
  if (word.ends_with('s') && word.size() > 3) word.remove_suffix(1);
  for (const Unit& unit : kUnits) {
    if (unit.name == word) return unit.seconds;
  }
  return std::nullopt;
}

// "2 days ago", "+1 hour", "-3 days", "yesterday"
std::optional<std::int64_t> Relative(std::string_view text, std::int64_t now) {
  if (text == "now" || text == "today" || text.empty()) return now;
  if (text == "yesterday") return now - kDay;
  if (text == "tomorrow") return now + kDay;
  std::vector<std::string> words;
  for (const std::string& word : SplitAt(text, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  if (words.size() < 2 || words.size() > 3 || (words.size() == 3 && words[2] != "ago")) {
    return std::nullopt;
  }
  std::string_view digits = words[0];
  std::int64_t sign = words.size() == 3 ? -1 : 1;
  if (digits.starts_with('-')) sign = -sign;
  if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
  const auto count = NumberOf(digits);
  const auto unit = UnitOf(words[1]);
  if (!count || !unit) return std::nullopt;
  return now + sign * *count * *unit;
}

std::optional<std::int64_t> AfterAt(std::string_view text) {
  if (!text.starts_with('@')) return std::nullopt;
  text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const auto number = NumberOf(text.substr(0, text.find('.')));
  if (!number) return std::nullopt;
  return negative ? -*number : *number;
}

// Three letters or the whole name.
std::optional<int> MonthNamed(std::string_view word) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    const std::string_view month = kMonths[i];
    if (word == month || word == month.substr(0, 3)) return static_cast<int>(i + 1);
  }
  return std::nullopt;
}

// "2 Jan 2020", "Jan 2 2020", "January 2, 2020", with a weekday and a time or without.
std::optional<CivilTime> WithMonthName(std::string_view text) {
  CivilTime time;
  int numbers = 0;
  bool has_month = false;
  for (std::string word : SplitAt(text, ' ')) {
    if (word.ends_with(',')) word.pop_back();
    if (word.empty()) continue;
    const auto number = NumberOf(word);
    if (const auto month = MonthNamed(word)) {
      time.month = *month;
      has_month = true;
    } else if (number && numbers == 0 && *number <= 31) {
      time.day = static_cast<int>(*number);
      ++numbers;
    } else if (number && numbers == 1 && *number >= 1000) {
      time.year = *number;
      ++numbers;
    } else if (const auto clock = Match(word, "hh:mm:ss", time)) {
      time = *clock;
    } else if (const auto short_clock = Match(word, "hh:mm", time)) {
      time = *short_clock;
    } else if (word.size() < 3 || numbers > 0) {
      return std::nullopt;
    } else {
      bool weekday = false;
      for (const std::string_view name : kWeekdays) weekday |= name.substr(0, 3) == word;
      if (!weekday) return std::nullopt;
    }
  }
  if (!has_month || numbers != 2 || !IsValid(time)) return std::nullopt;
  return time;
}

}  // namespace

CivilTime CivilOf(std::int64_t seconds) {
  std::int64_t days = seconds / kDay;
  std::int64_t rest = seconds % kDay;
  if (rest < 0) {
    rest += kDay;
    --days;
  }
  CivilTime time;
  time.weekday = static_cast<int>(((days + 4) % 7 + 7) % 7);
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int64_t of_era = shifted - era * 146097;
  const std::int64_t year_of_era =
      (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const std::int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * of_year + 2) / 153;
  time.day = static_cast<int>(of_year - (153 * month + 2) / 5 + 1);
  time.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  time.year = year_of_era + era * 400 + (time.month <= 2 ? 1 : 0);
  time.hour = static_cast<int>(rest / 3600);
  time.minute = static_cast<int>(rest / 60 % 60);
  time.second = static_cast<int>(rest % 60);
  time.day_of_year = static_cast<int>(days - DaysOf(time.year, 1, 1) + 1);
  return time;
}

std::int64_t SecondsOf(const CivilTime& time) {
  return DaysOf(time.year, time.month, time.day) * kDay + time.hour * 3600 + time.minute * 60 +
         time.second;
}

std::optional<std::int64_t> ParseDate(std::string_view text, std::int64_t now) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.starts_with('@')) return AfterAt(text);
  if (const auto relative = Relative(text, now)) return relative;
  std::int64_t offset = 0;
  TakeZone(text, offset);
  if (const std::size_t dot = text.rfind('.'); dot != text.npos && dot > 10) {
    text = text.substr(0, dot);  // a fraction of a second
  }
  CivilTime midnight;
  for (const char* pattern : {"YYYY-MM-DD hh:mm:ss", "YYYY-MM-DDThh:mm:ss", "YYYY-MM-DD hh:mm",
                              "YYYY-MM-DDThh:mm", "YYYY-MM-DD", "YYYY/MM/DD", "YYYYMMDD",
                              "YYYYMMDD hh:mm:ss", "YYYYMMDD hh:mm", "YYYY/MM/DD hh:mm:ss"}) {
    if (const auto time = Match(text, pattern, midnight)) return SecondsOf(*time) - offset;
  }
  if (const auto time = WithMonthName(text)) return SecondsOf(*time) - offset;
  CivilTime today = CivilOf(now);
  today.second = 0;
  for (const char* pattern : {"hh:mm:ss", "hh:mm"}) {
    if (const auto time = Match(text, pattern, today)) return SecondsOf(*time) - offset;
  }
  // A word alone is no date; of anything with a digit one cannot be sure.
  if (text.find_first_of("0123456789") == text.npos && text.find(' ') == text.npos) {
    return std::nullopt;
  }
  NotModelled("date -d '" + std::string(text) + "'");
}

std::optional<std::int64_t> ParseBusyboxDate(std::string_view text, std::int64_t now) {
  if (text.starts_with('@')) return AfterAt(text);
  // What a form does not say, is what the clock says.
  const CivilTime today = CivilOf(now);
  for (const char* pattern :
       {"YYYY-MM-DD hh:mm:ss", "YYYY-MM-DD hh:mm", "YYYY-MM-DD", "YYYY-MM-DD hh", "hh:mm:ss",
        "hh:mm", "YYYY.MM.DD-hh:mm:ss", "YYYY.MM.DD-hh:mm", "MM.DD-hh:mm:ss", "MM.DD-hh:mm"}) {
    if (const auto time = Match(text, pattern, today)) return SecondsOf(*time);
  }
  return ParseStamp(text, now);
}

std::optional<std::int64_t> ParseStamp(std::string_view text, std::int64_t now) {
  CivilTime start;
  start.year = CivilOf(now).year;
  for (const char* pattern : {"YYYYMMDDhhmm.ss", "YYYYMMDDhhmm", "MMDDhhmm.ss", "MMDDhhmm"}) {
    if (const auto time = Match(text, pattern, start)) return SecondsOf(*time);
  }
  for (const char* pattern : {"YYMMDDhhmm.ss", "YYMMDDhhmm"}) {
    if (auto time = Match(text, pattern, start)) {
      time->year += time->year < 69 ? 2000 : 1900;
      return SecondsOf(*time);
    }
  }
  return std::nullopt;
}

}  // namespace watertight::generator::commands
