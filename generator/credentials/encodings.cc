#include "generator/credentials/encodings.h"

#include <algorithm>

#include "generator/builders/base64.h"

namespace watertight::generator::credentials {
namespace {

std::string InHex(std::string_view bytes, std::string_view digits) {
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    text += digits[value >> 4];
    text += digits[value & 15];
  }
  return text;
}

}  // namespace

std::string Hex(std::string_view bytes) { return InHex(bytes, "0123456789abcdef"); }
std::string UpperHex(std::string_view bytes) { return InHex(bytes, "0123456789ABCDEF"); }

std::string Base32(std::string_view bytes) {
  std::string text;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    pending = (pending << 8 | static_cast<unsigned char>(byte)) & 0xffff;
    for (bits += 8; bits >= 5; bits -= 5) text += kBase32Digits[pending >> (bits - 5) & 31];
  }
  if (bits > 0) text += kBase32Digits[pending << (5 - bits) & 31];
  return text;
}

std::string Base64Url(std::string_view bytes) {
  std::string text = Base64(bytes);
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  text.erase(text.find_last_not_of('=') + 1);
  return text;
}

std::string Base64Decoded(std::string_view text) {
  std::string bytes;
  unsigned pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    std::size_t value = kBase64Digits.find(c);
    if (value == kBase64Digits.npos) value = kBase64UrlDigits.find(c);
    if (value == kBase64UrlDigits.npos) break;
    pending = (pending << 6 | static_cast<unsigned>(value)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(pending >> bits & 0xff);
  }
  return bytes;
}

std::string Wrapped(std::string_view text, std::size_t width) {
  std::string lines;
  for (std::size_t at = 0; at < text.size(); at += width) {
    lines += text.substr(at, width);
    lines += '\n';
  }
  return lines;
}

std::string InDigits(std::uint64_t number, std::string_view digits, std::size_t width) {
  std::string text;
  for (; number > 0; number /= digits.size()) text += digits[number % digits.size()];
  while (text.size() < width) text += digits[0];
  std::reverse(text.begin(), text.end());
  return text;
}

}  // namespace watertight::generator::credentials
