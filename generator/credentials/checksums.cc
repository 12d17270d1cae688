#include "generator/credentials/checksums.h"

#include <array>
#include <bit>
#include <cstddef>
#include <vector>

#include "generator/archives/binary.h"
#include "generator/archives/crc32.h"
#include "generator/credentials/digests.h"
#include "generator/credentials/encodings.h"

namespace watertight::generator::credentials {
namespace {

std::uint8_t Byte(char c) { return static_cast<std::uint8_t>(c); }

void MarvinRound(std::uint32_t& p0, std::uint32_t& p1) {
  p1 ^= p0;
  p0 = std::rotl(p0, 20) + p1;
  p1 = std::rotl(p1, 9) ^ p0;
  p0 = std::rotl(p0, 27) + p1;
  p1 = std::rotl(p1, 19);
}

std::uint32_t Bech32Polymod(const std::vector<std::uint8_t>& values) {
  constexpr std::array<std::uint32_t, 5> kGenerator = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa,
                                                       0x3d4233dd, 0x2a1462b3};
  std::uint32_t check = 1;
  for (const std::uint8_t value : values) {
    const std::uint32_t top = check >> 25;
    check = (check & 0x1ffffff) << 5 ^ value;
    for (std::size_t i = 0; i < kGenerator.size(); ++i) {
      if (top >> i & 1) check ^= kGenerator[i];
    }
  }
  return check;
}

std::vector<std::uint8_t> InGroupsOf5(std::string_view bytes) {
  std::vector<std::uint8_t> groups;
  for (const char digit : Base32(bytes)) {
    groups.push_back(static_cast<std::uint8_t>(kBase32Digits.find(digit)));
  }
  return groups;
}

// What stands behind the prefix: "ghp_BODY".
std::string_view BodyOf(std::string_view token) { return token.substr(token.find('_') + 1); }

// What stands between the prefix and the first dot: "glpat-PAYLOAD.01.".
std::string_view RoutablePayload(std::string_view token) {
  const std::size_t begin = token.find('-') + 1;
  return token.substr(begin, token.find('.') - begin);
}

// Seven digits: microsoft/security-utilities calls the seed that of client application passwords.
std::string EntraCheck(std::string_view before) {
  constexpr std::uint64_t kSeed = 0x4161645077643030;
  constexpr std::string_view kAlphabet =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~";
  return InDigits(Marvin32(before, kSeed), kAlphabet, 3).substr(0, 3);
}

// Three bytes of the checksum of the decoded key.
std::string AnnotatedKeyCheck(std::string_view before) {
  constexpr std::uint64_t kSeed = 0x44656661756c7430;
  const std::string bytes = LittleEndian(Marvin32(Base64Decoded(before), kSeed), 3);
  return Base64Url(bytes);
}

constexpr Check kChecks[] = {
    {"github-classic", kBase62Digits,
     [](std::string_view before) { return Crc32InBase62(BodyOf(before)); }},
    {"github-fine-grained", kBase32Digits,
     [](std::string_view before) { return Base32(Sha256(before)).substr(0, 8); }},
    {"gitlab-length", kBase36Digits,
     [](std::string_view before) {
       return InDigits(RoutablePayload(before).size(), kBase36Digits, 2);
     }},
    {"gitlab-routable", kBase36Digits,
     [](std::string_view before) { return InDigits(Crc32(before), kBase36Digits, 7); }},
    {"grafana-glsa", "0123456789abcdef",
     [](std::string_view before) {
       return Hex(LittleEndian(Crc32(before.substr(0, before.rfind('_'))), 4));
     }},
    {"atlassian-crc", "0123456789ABCDEF",
     [](std::string_view before) { return UpperHex(BigEndian(Crc32(before), 4)); }},
    {"azure-entra", kBase62Digits, EntraCheck},
    {"azure-cask", kBase62Digits, AnnotatedKeyCheck},
};

}  // namespace

std::uint32_t Crc24(std::string_view bytes) {
  std::uint32_t crc = 0xb704ce;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint32_t>(Byte(byte)) << 16;
    for (int bit = 0; bit < 8; ++bit) crc = crc << 1 ^ (crc & 0x800000 ? 0x1864cfb : 0);
  }
  return crc & 0xffffff;
}

std::uint32_t Marvin32(std::string_view bytes, std::uint64_t seed) {
  auto p0 = static_cast<std::uint32_t>(seed);
  auto p1 = static_cast<std::uint32_t>(seed >> 32);
  std::uint32_t word = 0;
  unsigned shift = 0;
  for (const char byte : bytes) {
    word |= static_cast<std::uint32_t>(Byte(byte)) << shift;
    shift += 8;
    if (shift < 32) continue;
    p0 += word;
    MarvinRound(p0, p1);
    word = 0;
    shift = 0;
  }
  p0 += word | 0x80U << shift;
  MarvinRound(p0, p1);
  MarvinRound(p0, p1);
  return p0 ^ p1;
}

std::string Crc32InBase62(std::string_view body) { return InDigits(Crc32(body), kBase62Digits, 6); }

std::string Bech32(std::string_view human_part, std::string_view bytes) {
  constexpr std::string_view kDigitsOfBech32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
  std::vector<std::uint8_t> values;
  for (const char c : human_part) values.push_back(Byte(c) >> 5);
  values.push_back(0);
  for (const char c : human_part) values.push_back(Byte(c) & 31);
  std::vector<std::uint8_t> groups = InGroupsOf5(bytes);
  values.insert(values.end(), groups.begin(), groups.end());
  values.insert(values.end(), 6, 0);
  const std::uint32_t check = Bech32Polymod(values) ^ 1;
  for (int i = 5; i >= 0; --i) groups.push_back(check >> (5 * i) & 31);
  std::string text = std::string(human_part) + "1";
  for (const std::uint8_t group : groups) text += kDigitsOfBech32[group];
  return text;
}

const Check* FindCheck(std::string_view name) {
  for (const Check& check : kChecks) {
    if (check.name == name) return &check;
  }
  return nullptr;
}

}  // namespace watertight::generator::credentials
