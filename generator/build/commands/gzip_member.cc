#include "generator/build/commands/gzip_member.h"

#include <algorithm>

#include "generator/archives/binary.h"
#include "generator/archives/crc32.h"
#include "generator/build/commands/deflate.h"

namespace watertight::generator::commands {
namespace {

constexpr char kUnix = 3;
constexpr unsigned char kHasExtra = 4;
constexpr unsigned char kHasName = 8;
constexpr std::uint64_t kFixedHeader = 10;

std::uint32_t Crc(const Rope& content) {
  RunningCrc32 crc;
  content.Read([&](std::string_view bytes) { crc.Update(bytes); });
  return crc.value();
}

}  // namespace

Rope PackGzip(const Rope& content, const GzipMember& member) {
  std::string bytes = "\x1f\x8b\x08";
  bytes += static_cast<char>(member.name.empty() ? 0 : kHasName);
  // Times that do not fit are none.
  const bool fits = member.mtime > 0 && member.mtime <= 0xffffffff;
  bytes += LittleEndian(fits ? static_cast<std::uint64_t>(member.mtime) : 0, 4);
  bytes += static_cast<char>(member.extra_flags);
  bytes += kUnix;
  if (!member.name.empty()) bytes += member.name + '\0';
  bytes += Deflate(content, member.level);
  bytes += LittleEndian(Crc(content), 4);
  bytes += LittleEndian(content.size(), 4);
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
