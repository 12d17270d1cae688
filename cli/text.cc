#include "cli/text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>

#include "framework/image/path.h"

namespace watertight::cli {
namespace {

constexpr unsigned char kFirstPrintable = 0x20;
constexpr unsigned char kDelete = 0x7f;

bool IsPlainForJson(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= kFirstPrintable && byte < 0x80 && c != '"' && c != '\\';
}

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// RFC 8259, section 7.
void AppendJsonEscape(char c, std::string* out) {
  constexpr std::string_view kNamed = "\"\"\\\\\bb\ff\nn\rr\tt";
  for (std::size_t i = 0; i < kNamed.size(); i += 2) {
    if (c != kNamed[i]) continue;
    *out += '\\';
    *out += kNamed[i + 1];
    return;
  }
  constexpr char kDigits[] = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  *out += "\\u00";
  *out += kDigits[byte >> 4];
  *out += kDigits[byte & 15];
}

template <typename Number>
void AppendDecimal(Number number, std::string* out) {
  std::array<char, 24> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out->append(digits.data(), end);
}

void AppendTwoDigits(int number, std::string* out) {
  *out += static_cast<char>('0' + number / 10);
  *out += static_cast<char>('0' + number % 10);
}

}  // namespace

void AppendJsonString(std::string_view bytes, std::string* out) {
  *out += '"';
  while (!bytes.empty()) {
    const auto plain = std::find_if_not(bytes.begin(), bytes.end(), IsPlainForJson);
    out->append(bytes.begin(), plain);
    bytes.remove_prefix(static_cast<std::size_t>(plain - bytes.begin()));
    if (bytes.empty()) break;
    if (IsAscii(bytes.front())) {
      AppendJsonEscape(bytes.front(), out);
      bytes.remove_prefix(1);
      continue;
    }
    const auto wide = std::find_if(bytes.begin(), bytes.end(), IsAscii);
    const auto length = static_cast<std::size_t>(wide - bytes.begin());
    *out += ToUtf8(bytes.substr(0, length));
    bytes.remove_prefix(length);
  }
  *out += '"';
}

void AppendNumber(std::int64_t number, std::string* out) { AppendDecimal(number, out); }
void AppendNumber(std::uint64_t number, std::string* out) { AppendDecimal(number, out); }

void AppendPrintable(std::string_view bytes, std::string* out) {
  const bool plain = std::all_of(bytes.begin(), bytes.end(), [](char c) {
    return static_cast<unsigned char>(c) >= kFirstPrintable &&
           static_cast<unsigned char>(c) < kDelete;
  });
  if (plain) {
    *out += bytes;
  } else {
    *out += Printable(bytes);
  }
}

void AppendMinute(std::int64_t seconds, std::string* out) {
  const std::time_t time = seconds;
  std::tm utc = {};
  constexpr int kFirstYear = 1900;
  const bool known = gmtime_r(&time, &utc) != nullptr;
  const int year = utc.tm_year + kFirstYear;
  if (!known || year < 0 || year > 9999) {
    *out += '@';
    AppendNumber(seconds, out);
    return;
  }
  AppendTwoDigits(year / 100, out);
  AppendTwoDigits(year % 100, out);
  *out += '-';
  AppendTwoDigits(utc.tm_mon + 1, out);
  *out += '-';
  AppendTwoDigits(utc.tm_mday, out);
  *out += ' ';
  AppendTwoDigits(utc.tm_hour, out);
  *out += ':';
  AppendTwoDigits(utc.tm_min, out);
}

std::string Base64(std::string_view bytes) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= count ? kAlphabet[group >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return text;
}

std::string HumanSize(std::uint64_t bytes) {
  constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return std::to_string(bytes) + " B";
  // 999.95 would print as 1000.0.
  double size = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; size >= 999.95 && unit + 1 < std::size(kUnits); ++unit) size /= 1000;
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %s", size, kUnits[unit]);
  return text;
}

std::string Thousands(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string Counted(std::uint64_t count, std::string_view noun) {
  return Thousands(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

std::string ShortTime(const std::string& rfc3339) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:dd";
  if (rfc3339.size() <= kShape.size() || !rfc3339.ends_with('Z')) return Printable(rfc3339);
  for (std::size_t i = 0; i < kShape.size(); ++i) {
    const bool digit = rfc3339[i] >= '0' && rfc3339[i] <= '9';
    if (kShape[i] == 'd' ? !digit : rfc3339[i] != kShape[i]) return Printable(rfc3339);
  }
  return rfc3339.substr(0, 10) + " " + rfc3339.substr(11, 5) + " UTC";
}

std::string ShortDigest(const std::string& digest) {
  constexpr std::size_t kShown = sizeof("sha256:5f70bf18a086") - 1;
  return Printable(digest.substr(0, kShown));
}

std::size_t Columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

std::string Cut(std::string text, std::size_t columns) {
  if (columns == 0 || Columns(text) <= columns) return text;
  std::size_t at = 0;
  for (std::size_t column = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) continue;
    if (++column == columns) break;
  }
  return text.substr(0, at) + "…";
}

std::string PadRight(std::string text, std::size_t columns) {
  const std::size_t taken = Columns(text);
  if (taken < columns) text.append(columns - taken, ' ');
  return text;
}

std::string PadLeft(std::string text, std::size_t columns) {
  const std::size_t taken = Columns(text);
  if (taken < columns) text.insert(0, columns - taken, ' ');
  return text;
}

}  // namespace watertight::cli
