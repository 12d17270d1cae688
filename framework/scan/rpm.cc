// RPM packages, whose payload, a compressed cpio archive, stands behind two headers (rpm.org, "RPM
// V4 package format").

#include <memory>
#include <string>

#include "framework/image/decompress.h"
#include "framework/image/streams.h"
#include "framework/scan/containers.h"

namespace watertight {
namespace {

std::uint64_t Padded(std::uint64_t size, std::uint64_t unit) {
  return (size + unit - 1) / unit * unit;
}

[[noreturn]] void FailAt(const Reader& reader) {
  throw Error(ErrorCode::kCorrupt,
              "has a damaged header at byte " + std::to_string(reader.position()));
}

std::uint64_t BigEndian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char c : bytes) number = number << 8 | static_cast<unsigned char>(c);
  return number;
}

// The bytes of a header structure: 16 of its own, an index of 16 for each tag, and their data.
std::uint64_t RpmHeaderSize(Reader* reader) {
  const std::string_view intro = reader->Peek(16);
  if (intro.size() < 16 || !intro.starts_with("\x8e\xad\xe8\x01")) FailAt(*reader);
  return 16 + 16 * BigEndian(intro.substr(8, 4)) + BigEndian(intro.substr(12, 4));
}

}  // namespace

void OpenRpm(Reader* reader, std::uint64_t size, const Limits& limits, ContainerVisitor* visitor) {
  constexpr std::uint64_t kLead = 96;
  const std::uint64_t begin = reader->position();
  reader->Skip(kLead);
  reader->Skip(Padded(RpmHeaderSize(reader), 8));  // of signatures
  reader->Skip(RpmHeaderSize(reader));
  const std::uint64_t at = reader->position();
  const Compression compression = DetectCompression(reader->Peek(kContainerHead));
  if (compression == Compression::kNone) return;  // searched as it is
  const std::unique_ptr<ByteStream> payload =
      Decompress(OrderedBytes(reader, size - (at - begin)), limits);
  visitor->Stream(ToString(compression), payload.get(), at);
}

}  // namespace watertight
