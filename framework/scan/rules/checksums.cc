#include "framework/scan/rules/checksums.h"

#include <algorithm>
#include <array>
#include <bit>

namespace watertight {
namespace {

constexpr std::array<std::uint32_t, 256> MakeCrcTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < table.size(); ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = value >> 1 ^ ((value & 1) != 0 ? 0xEDB88320U : 0U);
    table[i] = value;
  }
  return table;
}

int Base64Digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+' || c == '-') return 62;
  return c == '/' || c == '_' ? 63 : -1;
}

}  // namespace

std::uint32_t Crc32(std::string_view bytes) {
  static constexpr std::array<std::uint32_t, 256> kTable = MakeCrcTable();
  std::uint32_t crc = ~0U;
  for (const char c : bytes) crc = crc >> 8 ^ kTable[(crc ^ static_cast<unsigned char>(c)) & 0xff];
  return ~crc;
}

std::uint32_t Crc24(std::string_view bytes) {
  std::uint32_t crc = 0xB704CE;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 16;
    for (int bit = 0; bit < 8; ++bit) {
      crc <<= 1;
      if ((crc & 0x1000000) != 0) crc ^= 0x1864CFB;
    }
  }
  return crc & 0xffffff;
}

std::uint32_t Marvin32(std::string_view bytes, std::uint64_t seed) {
  auto p0 = static_cast<std::uint32_t>(seed);
  auto p1 = static_cast<std::uint32_t>(seed >> 32);
  const auto add = [&](std::uint32_t word) {
    p0 += word;
    p1 ^= p0;
    p0 = std::rotl(p0, 20) + p1;
    p1 = std::rotl(p1, 9) ^ p0;
    p0 = std::rotl(p0, 27) + p1;
    p1 = std::rotl(p1, 19);
  };
  const auto little_endian = [](std::string_view part) {
    std::uint32_t word = 0;
    for (std::size_t i = part.size(); i-- > 0;) {
      word = word << 8 | static_cast<unsigned char>(part[i]);
    }
    return word;
  };
  for (; bytes.size() >= 4; bytes.remove_prefix(4)) add(little_endian(bytes.substr(0, 4)));
  add(little_endian(bytes) | 0x80U << (8 * bytes.size()));
  add(0);
  return p0 ^ p1;
}

bool IsBech32(std::string_view text) {
  constexpr std::string_view kDigits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  constexpr std::uint32_t kGenerator[] = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                          0x2a1462b3};
  const std::size_t one = text.rfind('1');
  if (one == std::string_view::npos) return false;
  std::uint32_t check = 1;
  const auto add = [&](std::uint32_t value) {
    const std::uint32_t top = check >> 25;
    check = (check & 0x1ffffff) << 5 ^ value;
    for (std::size_t bit = 0; bit < 5; ++bit) {
      if ((top >> bit & 1) != 0) check ^= kGenerator[bit];
    }
  };
  for (const char c : text.substr(0, one)) add(static_cast<std::uint32_t>(c) >> 5);
  add(0);
  for (const char c : text.substr(0, one)) add(static_cast<std::uint32_t>(c) & 31);
  for (const char c : text.substr(one + 1)) {
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return false;
    add(static_cast<std::uint32_t>(digit));
  }
  return check == 1;
}

std::string InDigits(std::uint64_t number, std::string_view digits, std::size_t width) {
  std::string text;
  for (; number > 0 || text.size() < width; number /= digits.size()) {
    text += digits[number % digits.size()];
  }
  std::reverse(text.begin(), text.end());
  return text;
}

bool DecodeBase64(std::string_view text, std::string* bytes) {
  bytes->clear();
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  if (text.size() % 4 == 1) return false;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int digit = Base64Digit(c);
    if (digit < 0) return false;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    *bytes += static_cast<char>(bits >> count & 0xff);
  }
  return true;
}

bool DecodeHex(std::string_view text, std::string* bytes) {
  bytes->clear();
  if (text.size() % 2 != 0) return false;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return false;
    *bytes += static_cast<char>(high << 4 | low);
  }
  return true;
}

std::string EncodeBase32(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (count += 8; count >= 5; count -= 5) text += kDigits[bits >> (count - 5) & 31];
  }
  if (count > 0) text += kDigits[bits << (5 - count) & 31];
  return text;
}

std::string WithoutPercent(std::string_view value) {
  std::string plain;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const auto hex = [&](std::size_t i) {
      constexpr std::string_view kDigits = "0123456789abcdef0123456789ABCDEF";
      return i < value.size() ? kDigits.find(value[i]) : kDigits.npos;
    };
    const bool escape = value[at] == '%' && hex(at + 1) != std::string_view::npos &&
                        hex(at + 2) != std::string_view::npos;
    plain += escape ? static_cast<char>((hex(at + 1) & 15) << 4 | (hex(at + 2) & 15)) : value[at];
    if (escape) at += 2;
  }
  return plain;
}

}  // namespace watertight
