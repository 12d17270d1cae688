#include "framework/image/xattrs.h"

#include <string_view>

namespace watertight {
namespace {

constexpr std::string_view kSchily = "SCHILY.xattr.";
constexpr std::string_view kLibarchive = "LIBARCHIVE.xattr.";

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string PercentDecoded(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = i + 2 < text.size() && text[i] == '%' ? HexDigit(text[i + 1]) : -1;
    const int low = high >= 0 ? HexDigit(text[i + 2]) : -1;
    if (low < 0) {
      bytes += text[i];
    } else {
      bytes += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return bytes;
}

std::string Base64Decoded(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned accumulator = 0;
  int bits = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) continue;
    accumulator = (accumulator << 6 | static_cast<unsigned>(value)) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(accumulator >> bits & 0xff);
    }
  }
  return bytes;
}

}  // namespace

std::map<std::string, std::string> DecodeXattrs(const std::map<std::string, std::string>& pax) {
  std::map<std::string, std::string> xattrs;
  for (const auto& [key, value] : pax) {
    if (key.starts_with(kLibarchive)) {
      xattrs.emplace(PercentDecoded(std::string_view(key).substr(kLibarchive.size())),
                     Base64Decoded(value));
    }
  }
  for (const auto& [key, value] : pax) {
    if (key.starts_with(kSchily)) xattrs[key.substr(kSchily.size())] = value;
  }
  return xattrs;
}

}  // namespace watertight
