#include "generator/build/commands/gzip_member.h"

#include <algorithm>
#include <array>

#include "generator/build/commands/deflate.h"

namespace watertight::generator::commands {
namespace {

constexpr char kUnix = 3;
constexpr unsigned char kHasExtra = 4;
constexpr unsigned char kHasName = 8;
constexpr std::uint64_t kFixedHeader = 10;

void PutNumber(std::string& bytes, std::uint64_t value) {
  for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
}

std::uint32_t Crc(const Rope& content) {
  static const auto table = [] {
    std::array<std::uint32_t, 256> entries{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? 0xedb88320U : 0);
      entries[i] = value;
    }
    return entries;
  }();
  std::uint32_t crc = 0xffffffff;
  content.Read([&](std::string_view bytes) {
    for (const char c : bytes) crc = table[(crc ^ static_cast<unsigned char>(c)) & 0xff] ^ crc >> 8;
  });
  return ~crc;
}

}  // namespace

Rope PackGzip(const Rope& content, const GzipMember& member) {
  std::string bytes = "\x1f\x8b\x08";
  bytes += static_cast<char>(member.name.empty() ? 0 : kHasName);
  // Times that do not fit are none.
  const bool fits = member.mtime > 0 && member.mtime <= 0xffffffff;
  PutNumber(bytes, fits ? static_cast<std::uint64_t>(member.mtime) : 0);
  bytes += static_cast<char>(member.extra_flags);
  bytes += kUnix;
  if (!member.name.empty()) bytes += member.name + '\0';
  bytes += Deflate(content, member.level);
  PutNumber(bytes, Crc(content));
  PutNumber(bytes, content.size() & 0xffffffff);
  return Rope(std::move(bytes));
}

GzipHeader HeaderOf(const Rope& file) {
  GzipHeader header;
  if (PackingOf(file) != PackedAs::kGzip || file.size() < kFixedHeader) return header;
  const std::string head = file.Part(0, std::min<std::uint64_t>(file.size(), 4096)).ToString();
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(head[at]); };
  for (std::size_t i = 8; i-- > 4;) header.mtime = header.mtime << 8 | byte(i);
  std::size_t at = kFixedHeader;
  if ((byte(3) & kHasExtra) != 0 && head.size() > at + 2) at += 2U + byte(at) + 256U * byte(at + 1);
  if ((byte(3) & kHasName) != 0 && at < head.size()) {
    header.name = head.substr(at, head.find('\0', at) - at);
    at += header.name.size() + 1;
  }
  header.size = at;
  return header;
}

}  // namespace watertight::generator::commands
