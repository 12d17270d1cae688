#include "generator/build/shell/escapes.h"

#include <algorithm>
#include <cctype>

namespace watertight::generator::shell {
namespace {

constexpr std::string_view kLetters = "abefnrtvE\\'\"?";
constexpr std::string_view kBytes = "\a\b\033\f\n\r\t\v\033\\'\"?";

// Takes up to `most` digits of a base.
bool TakeNumber(std::string_view& text, std::size_t most, int base, unsigned long& value) {
  std::size_t count = 0;
  value = 0;
  while (count < most && count < text.size()) {
    const int c = std::tolower(static_cast<unsigned char>(text[count]));
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
    if (digit >= base) break;
    value = value * static_cast<unsigned long>(base) + static_cast<unsigned long>(digit);
    ++count;
  }
  text.remove_prefix(count);
  return count > 0;
}

}  // namespace

bool Unescape(std::string_view text, const EscapeRules& rules, std::string& into) {
  constexpr std::string_view kSimple = "abfnrtv\\";
  constexpr std::string_view kSimpleBytes = "\a\b\f\n\r\t\v\\";
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\' || text.empty()) {
      into += c;
      continue;
    }
    const char letter = text.front();
    unsigned long value = 0;
    if (const std::size_t row = kSimple.find(letter); row != kSimple.npos) {
      text.remove_prefix(1);
      into += kSimpleBytes[row];
    } else if (letter == 'c' && rules.stop) {
      return false;
    } else if (letter == 'e' && rules.escape) {
      text.remove_prefix(1);
      into += '\033';
    } else if (letter == '0' && rules.zero_octal) {
      text.remove_prefix(1);
      TakeNumber(text, 3, 8, value);
      into += static_cast<char>(value);
    } else if (letter >= '0' && letter <= '7' && rules.plain_octal) {
      TakeNumber(text, 3, 8, value);
      into += static_cast<char>(value);
    } else if ((letter == 'x' && rules.hexadecimal) ||
               ((letter == 'u' || letter == 'U') && rules.unicode)) {
      std::string_view digits = text.substr(1);
      const std::size_t most = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
      if (!TakeNumber(digits, most, 16, value)) {
        into += '\\';
        continue;
      }
      text = digits;
      into += letter == 'x' ? std::string(1, static_cast<char>(value)) : Utf8(value);
    } else {
      into += '\\';
    }
  }
  return true;
}

std::string Utf8(unsigned long code) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (code >> shift & 0x3F)); };
  if (code < 0x80) return std::string(1, static_cast<char>(code));
  if (code < 0x800) return {static_cast<char>(0xC0 | code >> 6), tail(0)};
  if (code < 0x10000) return {static_cast<char>(0xE0 | code >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (code >> 18 & 7)), tail(12), tail(6), tail(0)};
}

std::string UnescapeAnsi(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '\\' || text.empty()) {
      result += c;
      continue;
    }
    const char letter = text.front();
    unsigned long value = 0;
    if (const size_t row = kLetters.find(letter); row != kLetters.npos) {
      text.remove_prefix(1);
      result += kBytes[row];
    } else if (letter >= '0' && letter <= '7') {
      TakeNumber(text, 3, 8, value);
      if ((value & 0xFF) == 0) return result;  // a string ends there
      result += static_cast<char>(value);
    } else if (letter == 'x' || letter == 'u' || letter == 'U') {
      text.remove_prefix(1);
      const std::size_t most = letter == 'x' ? 2 : letter == 'u' ? 4 : 8;
      if (!TakeNumber(text, most, 16, value)) {
        result += {'\\', letter};
      } else {
        result += letter == 'x' ? std::string(1, static_cast<char>(value)) : Utf8(value);
      }
    } else if (letter == 'c' && text.size() > 1) {
      result += static_cast<char>(text[1] & 0x1F);
      text.remove_prefix(2);
    } else {
      result += '\\';
    }
  }
  return result;
}

}  // namespace watertight::generator::shell
