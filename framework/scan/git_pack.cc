// Objects of a git pack, each a zlib stream behind a header of its own (gitformat-pack(5)). A delta
// is searched as it is: what it inserts into another object stands in it, in pieces of at most 127
// bytes.

#include <memory>

#include "framework/image/inflate.h"
#include "framework/scan/containers.h"

namespace watertight {
namespace {

constexpr unsigned kOffsetDelta = 6;
constexpr unsigned kReferenceDelta = 7;
constexpr std::size_t kHash = 20;

unsigned TakeByte(Reader* reader) {
  const std::string_view byte = reader->Peek(1);
  if (byte.empty()) throw Error(ErrorCode::kTruncated, "ends inside an object");
  const unsigned value = static_cast<unsigned char>(byte[0]);
  reader->Skip(1);
  return value;
}

// Numbers go on as long as the first bit is set.
void SkipNumber(Reader* reader, unsigned first) {
  for (unsigned byte = first; (byte & 0x80) != 0;) byte = TakeByte(reader);
}

}  // namespace

void OpenGitPack(Reader* reader, std::uint64_t /*size*/, const Limits& limits,
                 ContainerVisitor* visitor) {
  const std::string_view head = reader->Peek(12);
  if (head.size() < 12) throw Error(ErrorCode::kTruncated, "ends inside its header");
  std::uint64_t count = 0;
  for (std::size_t i = 8; i < 12; ++i) count = count << 8 | static_cast<unsigned char>(head[i]);
  reader->Skip(12);
  if (count > limits.entries) throw Error(ErrorCode::kLimitExceeded, "has too many objects");
  for (; count > 0; --count) {
    const unsigned first = TakeByte(reader);
    SkipNumber(reader, first);
    const unsigned type = first >> 4 & 7;
    if (type == kOffsetDelta) SkipNumber(reader, TakeByte(reader));
    if (type == kReferenceDelta) reader->Skip(kHash);
    const std::uint64_t begin = reader->position();
    const std::unique_ptr<ByteStream> object = InflateStream(reader, InflateFormat::kZlib);
    visitor->Stream("zlib", object.get(), begin);
  }
}

}  // namespace watertight
