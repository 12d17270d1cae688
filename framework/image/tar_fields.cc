#include "framework/image/tar_fields.h"

#include <charconv>
#include <cstring>

namespace watertight {
namespace {

constexpr std::size_t kChecksumOffset = 148;
constexpr std::size_t kChecksumSize = 8;

// GNU tar's base-256: big-endian two's complement, the first bit set as the mark.
std::optional<std::int64_t> Base256(std::string_view field) {
  const bool negative = (static_cast<unsigned char>(field[0]) & 0x40) != 0;
  std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < field.size(); ++i) {
    auto byte = static_cast<unsigned char>(field[i]);
    if (i == 0) byte = static_cast<unsigned char>(negative ? byte | 0x80 : byte & 0x7f);
    // The byte that is shifted out must be a repetition of the sign.
    const auto lost = static_cast<unsigned char>(value >> 56);
    if (lost != (negative ? 0xff : 0x00)) return std::nullopt;
    value = (value << 8) | byte;
  }
  const auto result = static_cast<std::int64_t>(value);
  if ((result < 0) != negative) return std::nullopt;
  return result;
}

}  // namespace

bool IsZeroBlock(std::string_view block) {
  return block[0] == '\0' && std::memcmp(block.data(), block.data() + 1, block.size() - 1) == 0;
}

bool ChecksumFits(std::string_view block) {
  const std::optional<std::int64_t> stated = TarNumber(block, kChecksumOffset, kChecksumSize);
  if (!stated) return false;
  std::uint32_t unsigned_sum = 0;
  std::uint32_t high_bits = 0;
  for (const char c : block) {
    const auto byte = static_cast<unsigned char>(c);
    unsigned_sum += byte;
    high_bits += byte >> 7;
  }
  for (std::size_t i = 0; i < kChecksumSize; ++i) {
    const auto byte = static_cast<unsigned char>(block[kChecksumOffset + i]);
    unsigned_sum -= byte;
    high_bits -= byte >> 7;
  }
  unsigned_sum += std::uint32_t{' '} * kChecksumSize;
  const std::int64_t signed_sum =
      static_cast<std::int64_t>(unsigned_sum) - 256 * static_cast<std::int64_t>(high_bits);
  return *stated == static_cast<std::int64_t>(unsigned_sum) || *stated == signed_sum;
}

std::string_view TarText(std::string_view block, std::size_t offset, std::size_t size) {
  const std::string_view field = block.substr(offset, size);
  return field.substr(0, field.find('\0'));
}

std::optional<std::int64_t> TarNumber(std::string_view block, std::size_t offset,
                                      std::size_t size) {
  const std::string_view field = block.substr(offset, size);
  if ((static_cast<unsigned char>(field[0]) & 0x80) != 0) {
    // bsdtar ends a base-256 time with a space when the value leaves room for one; the value is in
    // the bytes before it.
    return Base256(field);
  }
  std::size_t i = 0;
  while (i < field.size() && (field[i] == ' ' || field[i] == '\0')) ++i;
  std::int64_t value = 0;
  for (; i < field.size() && field[i] != ' ' && field[i] != '\0'; ++i) {
    if (field[i] < '0' || field[i] > '7') return std::nullopt;
    value = value * 8 + (field[i] - '0');
  }
  return value;
}

std::optional<PaxTime> ParsePaxTime(std::string_view text) {
  PaxTime time;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::optional<std::uint64_t> seconds = ParseDecimal(text.substr(0, point));
  if (!seconds || *seconds > INT64_MAX) return std::nullopt;
  time.seconds = static_cast<std::int64_t>(*seconds);
  if (point != std::string_view::npos) {
    std::uint32_t scale = 100'000'000;
    for (const char digit : text.substr(point + 1)) {
      if (digit < '0' || digit > '9') return std::nullopt;
      time.nanoseconds += scale * static_cast<std::uint32_t>(digit - '0');
      scale /= 10;
    }
  }
  if (negative) {
    time.seconds = -time.seconds;
    if (time.nanoseconds != 0) {
      time.seconds -= 1;
      time.nanoseconds = 1'000'000'000 - time.nanoseconds;
    }
  }
  return time;
}

std::optional<std::uint64_t> ParseDecimal(std::string_view text) {
  std::uint64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || text.empty()) return std::nullopt;
  return value;
}

}  // namespace watertight
