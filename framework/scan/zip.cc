// Members of a zip in the order in which they stand, by their local headers, so that what the
// central directory no longer lists is seen too (APPNOTE.TXT 4.3.7 to 4.3.9).
//
//   offset  bytes  field
//        0      4  "PK\3\4"
//        6      2  flags: bit 0 encrypted, bit 3 sizes in a descriptor behind the content
//        8      2  method: 0 as it is, 8 deflate, 12 bzip2, 93 zstd, 95 xz
//       18      4  size as stored
//       26      2  size of the name
//       28      2  size of the extra fields
//       30         name, extra fields, content

#include <algorithm>
#include <memory>
#include <string>

#include "framework/image/decompress.h"
#include "framework/image/inflate.h"
#include "framework/image/streams.h"
#include "framework/scan/containers.h"

namespace watertight {
namespace {

constexpr std::size_t kHeader = 30;
constexpr std::uint32_t kInExtraField = 0xffffffff;
constexpr std::uint16_t kZip64 = 1;

template <typename Number>
Number LittleEndian(std::string_view bytes, std::size_t at) {
  Number number = 0;
  for (std::size_t i = sizeof(Number); i-- > 0;) {
    number = static_cast<Number>(number << 8 | static_cast<unsigned char>(bytes[at + i]));
  }
  return number;
}

struct LocalHeader {
  std::string name;
  unsigned method = 0;
  bool encrypted = false;
  bool has_descriptor = false;
  bool zip64 = false;
  std::uint64_t stored_size = 0;
};

// Both sizes stand in the field when the header has none, the stored one behind the other.
void ReadZip64(std::string_view extra, LocalHeader* header) {
  while (extra.size() >= 4) {
    const auto id = LittleEndian<std::uint16_t>(extra, 0);
    const auto size = LittleEndian<std::uint16_t>(extra, 2);
    if (id == kZip64) {
      header->zip64 = true;
      if (size >= 16 && extra.size() >= 20) {
        header->stored_size = LittleEndian<std::uint64_t>(extra, 12);
      }
    }
    extra.remove_prefix(std::min<std::size_t>(extra.size(), 4U + size));
  }
}

// False at the end of the members.
bool ReadHeader(Reader* reader, LocalHeader* header) {
  const std::string_view fixed = reader->Peek(kHeader);
  if (fixed.size() < kHeader || !fixed.starts_with("PK\x03\x04")) return false;
  const auto flags = LittleEndian<std::uint16_t>(fixed, 6);
  *header = {};
  header->encrypted = (flags & 1) != 0;
  header->has_descriptor = (flags & 8) != 0;
  header->method = LittleEndian<std::uint16_t>(fixed, 8);
  const auto size = LittleEndian<std::uint32_t>(fixed, 18);
  header->stored_size = size;
  const std::size_t name_size = LittleEndian<std::uint16_t>(fixed, 26);
  const std::size_t extra_size = LittleEndian<std::uint16_t>(fixed, 28);
  const std::string_view whole = reader->Peek(kHeader + name_size + extra_size);
  if (whole.size() < kHeader + name_size + extra_size) {
    throw Error(ErrorCode::kTruncated, "ends inside a header");
  }
  header->name = whole.substr(kHeader, name_size);
  if (size == kInExtraField || header->has_descriptor) {
    ReadZip64(whole.substr(kHeader + name_size), header);
  }
  reader->Skip(whole.size());
  return true;
}

// "PK\7\8", which may be left out, the checksum, and two sizes of four bytes or eight.
void SkipDescriptor(Reader* reader, bool zip64) {
  const bool marked = reader->Peek(4) == "PK\x07\x08";
  reader->Skip((marked ? 8U : 4U) + (zip64 ? 16U : 8U));
}

void OpenDeflated(const LocalHeader& header, Reader* reader, std::uint64_t begin,
                  ContainerVisitor* visitor) {
  const std::unique_ptr<ByteStream> stream = InflateStream(reader, InflateFormat::kRaw);
  visitor->Member(header.name, stream.get(), begin);
}

// A whole stream of another compressor.
void OpenStream(const LocalHeader& header, Reader* reader, const Limits& limits,
                std::uint64_t begin, ContainerVisitor* visitor) {
  const std::unique_ptr<ByteStream> stream =
      Decompress(OrderedBytes(reader, header.stored_size), limits);
  visitor->Member(header.name, stream.get(), begin);
}

void OpenContent(const LocalHeader& header, Reader* reader, const Limits& limits,
                 std::uint64_t begin, ContainerVisitor* visitor) {
  switch (header.method) {
    case 8:
      return OpenDeflated(header, reader, begin, visitor);
    case 12:
    case 93:
    case 95:
      return OpenStream(header, reader, limits, begin, visitor);
    default:
      return visitor->LeftOut(
          header.name,
          "is compressed by method " + std::to_string(header.method) + ", which is unknown here");
  }
}

// Content whose size the header states: decoders see no more than that.
void OpenSized(const LocalHeader& header, Reader* reader, const Limits& limits,
               ContainerVisitor* visitor) {
  const std::uint64_t begin = reader->position();
  const std::uint64_t end = begin + header.stored_size;
  if (header.encrypted) {
    visitor->LeftOut(header.name, "is encrypted");
  } else if (header.method == 0) {
    visitor->PlainMember(header.name, reader, header.stored_size);
  } else if (header.stored_size > 0) {
    const std::unique_ptr<Reader> content = StreamingReader(PartStream(reader, header.stored_size));
    try {
      OpenContent(header, content.get(), limits, begin, visitor);
    } catch (const Error& error) {
      visitor->LeftOut(header.name, error.what());
    }
    while (content->Skip(Reader::kMaxPeek) > 0) {
    }
  }
  if (reader->position() < end) reader->Skip(end - reader->position());
}

}  // namespace

void OpenZip(Reader* reader, std::uint64_t /*size*/, const Limits& limits,
             ContainerVisitor* visitor) {
  LocalHeader header;
  for (std::uint64_t count = 0; ReadHeader(reader, &header); ++count) {
    if (count >= limits.entries) throw Error(ErrorCode::kLimitExceeded, "has too many members");
    if (!header.has_descriptor || header.stored_size > 0) {
      OpenSized(header, reader, limits, visitor);
    } else if (header.method == 8 && !header.encrypted) {
      OpenDeflated(header, reader, reader->position(), visitor);
    } else {
      throw Error(ErrorCode::kUnsupported, "does not say where a member ends");
    }
    if (header.has_descriptor) SkipDescriptor(reader, header.zip64);
  }
}

}  // namespace watertight
