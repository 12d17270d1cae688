#include "framework/scan/digit_runs.h"

#include <algorithm>

namespace watertight {
namespace {

// The line end at the begin of a text, also written \n, with the blanks that follow.
std::size_t BreakAt(std::string_view text) {
  std::size_t size = 0;
  if (text.starts_with("\r\n")) size = 2;
  if (text.starts_with("\n")) size = 1;
  if (size == 0 && text.starts_with("\\")) {
    constexpr std::size_t kMostSlashes = 16;
    const std::size_t most = std::min(text.size(), kMostSlashes + 1);
    while (size < most && text[size] == '\\') ++size;
    if (size == most || text[size] != 'n') return 0;
    ++size;
  }
  if (size == 0) return 0;
  while (size < text.size() && (text[size] == ' ' || text[size] == '\t')) ++size;
  return size;
}

// A digit that the text around it escapes: "\\/", "%2F", "\\u002b". 0 when there is none.
std::size_t EscapedDigitAt(std::string_view text) {
  constexpr std::string_view kEscapes[] = {"\\/",     "%2B",     "%2b",     "%2F",    "%2f",
                                           "\\u002B", "\\u002b", "\\u002F", "\\u002f"};
  if (text.empty() || (text[0] != '%' && text[0] != '\\')) return 0;
  for (const std::string_view escape : kEscapes) {
    if (text.starts_with(escape)) return escape.size();
  }
  return 0;
}

// The value of one.
int EscapedDigit(std::string_view text) {
  const char last = text[EscapedDigitAt(text) - 1];
  return Base64Digit(last == 'B' || last == 'b' ? '+' : '/');
}

// Whether the text ends within what may be a line end or a digit that is escaped.
bool IsCut(std::string_view text) {
  constexpr std::size_t kLongest = 17;
  if (text.empty() || text.size() > kLongest) return false;
  return text == "\r" || text.find_first_not_of('\\') == std::string_view::npos || text == "%" ||
         text == "%2" || text == "\\u" || text == "\\u0" || text == "\\u00" || text == "\\u002";
}

}  // namespace

std::size_t BeginOfDigits(std::string_view text, std::size_t at, std::size_t least) {
  for (;;) {
    while (at > least && Base64Digit(text[at - 1]) >= 0) --at;
    // All but the first byte of an escape are digits.
    if (at == least || EscapedDigitAt(text.substr(at - 1)) == 0) return at;
    --at;
  }
}

std::size_t BeginOfCutDigit(std::string_view text) {
  constexpr std::size_t kLongest = 5;  // "\\u002"
  for (std::size_t size = std::min(text.size(), kLongest); size > 0; --size) {
    const std::size_t at = text.size() - size;
    if ((text[at] == '\\' || text[at] == '%') && IsCut(text.substr(at))) return at;
  }
  return text.size();
}

Digits ReadDigits(std::string_view text, std::size_t known) {
  Digits digits;
  std::size_t at = 0;
  std::size_t line = 0;  // its digits
  std::size_t first_line = 0;
  while (at < text.size()) {
    const std::size_t begin = at;
    at = std::max(at, known);
    while (at < text.size() && Base64Digit(text[at]) >= 0) ++at;
    line += at - begin;
    if (const std::size_t escaped = EscapedDigitAt(text.substr(at)); escaped > 0) {
      digits.lines = true;
      ++line;
      at += escaped;
      digits.size = at;
      if (at < text.size()) continue;
    }
    if (line > 0) digits.size = at;
    digits.count += line;
    if (at == text.size() || IsCut(text.substr(at))) break;
    const std::size_t gap = BreakAt(text.substr(at));
    if (gap == 0 || line < kLeastLine || (first_line != 0 && line != first_line)) {
      digits.closed = true;
      return digits;
    }
    digits.lines = true;
    first_line = line;
    line = 0;
    at += gap;
  }
  return digits;
}

DigitPlaces::DigitPlaces(std::string_view text, const Digits& digits) {
  if (!digits.lines) return;
  at_.reserve(digits.count);
  for (std::size_t at = 0; at < digits.size;) {
    const bool plain = Base64Digit(text[at]) >= 0;
    const std::size_t escaped = plain ? 1 : EscapedDigitAt(text.substr(at));
    if (escaped > 0) at_.push_back(static_cast<std::uint32_t>(at));
    at += escaped > 0 ? escaped : std::max<std::size_t>(1, BreakAt(text.substr(at)));
  }
}

void ReadValues(std::string_view text, const DigitPlaces& places, std::size_t first,
                std::size_t end, std::uint8_t* values) {
  const std::uint32_t* const all = places.all();
  for (std::size_t i = first; i < end; ++i) {
    const std::size_t at = all == nullptr ? i : all[i];
    const int digit = Base64Digit(text[at]);
    *values++ = static_cast<std::uint8_t>(digit >= 0 ? digit : EscapedDigit(text.substr(at)));
  }
}

// What is left of the bits at the end is no byte.
void DecodeDigits(const std::uint8_t* values, std::size_t count, char* bytes) {
  std::uint32_t bits = 0;
  for (std::size_t i = 0; i < count; ++i) {
    bits = bits << 6 | values[i];
    if (i % 4 != 0) *bytes++ = static_cast<char>(bits >> (6 - i % 4 * 2) & 0xff);
  }
}

std::string DecodeFrom(std::string_view text, const DigitPlaces& places, std::size_t first,
                       std::size_t end) {
  std::string bytes(end - first, '\0');  // of the values first
  auto* const values = reinterpret_cast<std::uint8_t*>(bytes.data());
  ReadValues(text, places, first, end, values);
  DecodeDigits(values, bytes.size(), bytes.data());
  bytes.resize((end - first) * 6 / 8);
  return bytes;
}

std::string DecodeHex(std::string_view text, const DigitPlaces& places, std::size_t count) {
  std::string bytes;
  for (std::size_t i = 0; i + 2 <= count; i += 2) {
    bytes += static_cast<char>(HexDigit(text[places[i]]) << 4 | HexDigit(text[places[i + 1]]));
  }
  return bytes;
}

}  // namespace watertight
