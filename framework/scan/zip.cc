// Members of a zip in the order in which they stand, by their local headers, so that what the
// central directory no longer lists is seen too (APPNOTE.TXT 4.3.7 to 4.3.9).
//
//   offset  bytes  field
//        0      4  "PK\3\4"
//        6      2  flags: bit 0 encrypted, bit 3 sizes in a descriptor behind the content
//        8      2  method: 0 as it is, 8 deflate, 12 bzip2, 93 zstd, 95 xz
//       14      4  checksum of the content
//       18      4  size as stored
//       26      2  size of the name
//       28      2  size of the extra fields
//       30         name, extra fields, content

#include <isa-l/crc.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

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
  std::uint32_t checksum = 0;
  std::uint64_t stored_size = 0;
};

// The checksum of all that a stream gives: ISO 3309's.
class ChecksumStream : public ByteStream {
 public:
  explicit ChecksumStream(std::unique_ptr<ByteStream> stream) : stream_(std::move(stream)) {}

  std::size_t Read(char* buffer, std::size_t count) override {
    const std::size_t got = stream_->Read(buffer, count);
    checksum_ = crc32_gzip_refl(checksum_, reinterpret_cast<unsigned char*>(buffer), got);
    ended_ = got == 0;
    return got;
  }
  // Nothing when not all of the stream was read.
  std::optional<std::uint32_t> checksum() const {
    return ended_ ? std::optional(checksum_) : std::nullopt;
  }

 private:
  std::unique_ptr<ByteStream> stream_;
  std::uint32_t checksum_ = 0;
  bool ended_ = false;
};

// The same of what is read from a reader.
class ChecksumReader : public Reader {
 public:
  explicit ChecksumReader(Reader* reader) : reader_(reader) { position_ = reader->position(); }

  std::string_view Peek(std::size_t count) override { return reader_->Peek(count); }

  std::uint64_t Skip(std::uint64_t count) override {
    std::uint64_t skipped = 0;
    while (skipped < count) {
      const std::string_view piece = reader_->Peek(
          static_cast<std::size_t>(std::min<std::uint64_t>(count - skipped, kMaxPeek)));
      if (piece.empty()) break;
      checksum_ = crc32_gzip_refl(checksum_, reinterpret_cast<const unsigned char*>(piece.data()),
                                  piece.size());
      skipped += reader_->Skip(piece.size());
    }
    position_ += skipped;
    return skipped;
  }
  std::uint32_t checksum() const { return checksum_; }

 private:
  Reader* reader_;
  std::uint32_t checksum_ = 0;
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
  header->checksum = LittleEndian<std::uint32_t>(fixed, 14);
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

// "PK\7\8", which may be left out, the checksum, and two sizes of four bytes or eight. The
// checksum.
std::uint32_t SkipDescriptor(Reader* reader, bool zip64) {
  const std::size_t marked = reader->Peek(4) == "PK\x07\x08" ? 4 : 0;
  const std::string_view head = reader->Peek(marked + 4);
  if (head.size() < marked + 4) throw Error(ErrorCode::kTruncated, "ends inside a descriptor");
  const auto checksum = LittleEndian<std::uint32_t>(head, marked);
  reader->Skip(marked + 4 + (zip64 ? 16U : 8U));
  return checksum;
}

// What gives the content of a member; null for a method that is unknown here.
std::unique_ptr<ByteStream> ContentStream(const LocalHeader& header, Reader* reader,
                                          const Limits& limits) {
  switch (header.method) {
    case 8:
      return InflateStream(reader, InflateFormat::kRaw);
    case 12:
    case 93:
    case 95:
      return Decompress(OrderedBytes(reader, header.stored_size), limits);
    default:
      return nullptr;
  }
}

// What the content's bytes give, when all of them were read.
using Checksum = std::optional<std::uint32_t>;

Checksum OpenCompressed(const LocalHeader& header, Reader* reader, const Limits& limits,
                        std::uint64_t begin, ContainerVisitor* visitor) {
  auto content = ContentStream(header, reader, limits);
  if (content == nullptr) {
    visitor->LeftOut(header.name, "is compressed by method " + std::to_string(header.method) +
                                      ", which is unknown here");
    return std::nullopt;
  }
  ChecksumStream stream(std::move(content));
  visitor->Member(header.name, &stream, begin);
  return stream.checksum();
}

Checksum OpenStored(const LocalHeader& header, Reader* reader, ContainerVisitor* visitor) {
  const std::uint64_t end = reader->position() + header.stored_size;
  ChecksumReader content(reader);
  visitor->PlainMember(header.name, &content, header.stored_size);
  return reader->position() == end ? Checksum(content.checksum()) : std::nullopt;
}

// Content whose size the header states: decoders see no more than that.
Checksum OpenSized(const LocalHeader& header, Reader* reader, const Limits& limits,
                   ContainerVisitor* visitor) {
  const std::uint64_t begin = reader->position();
  const std::uint64_t end = begin + header.stored_size;
  Checksum checksum;
  bool told = header.encrypted;
  if (header.encrypted) {
    visitor->LeftOut(header.name, "is encrypted");
  } else if (header.method == 0) {
    checksum = OpenStored(header, reader, visitor);
  } else if (header.stored_size > 0) {
    const std::unique_ptr<Reader> content = StreamingReader(PartStream(reader, header.stored_size));
    try {
      checksum = OpenCompressed(header, content.get(), limits, begin, visitor);
    } catch (const Error& error) {
      visitor->LeftOut(header.name, error.what());
      told = true;
    }
    while (content->Skip(Reader::kMaxPeek) > 0) {
    }
  }
  if (reader->position() < end) reader->Skip(end - reader->position());
  if (reader->position() < end && !told) visitor->LeftOut(header.name, "is cut off");
  return checksum;
}

// Hashes: names may be long, and many.
using Names = std::unordered_set<std::size_t>;

// The entry of the directory that begins here, which is read; false when none does (4.3.12):
//
//       20      4  size as stored
//       28      2  size of the name, 30 of the extra fields, 32 of the comment
//       46         name, extra fields, comment
bool ReadDirectoryEntry(Reader* reader, const Names& read, ContainerVisitor* visitor) {
  constexpr std::size_t kFixed = 46;
  const std::string_view fixed = reader->Peek(kFixed);
  if (fixed.size() < kFixed || !fixed.starts_with("PK\x01\x02")) return false;
  const std::size_t name_size = LittleEndian<std::uint16_t>(fixed, 28);
  const std::size_t more =
      LittleEndian<std::uint16_t>(fixed, 30) + LittleEndian<std::uint16_t>(fixed, 32);
  const bool empty = LittleEndian<std::uint32_t>(fixed, 20) == 0;
  const std::string_view whole = reader->Peek(kFixed + name_size);
  if (name_size == 0 || whole.size() < kFixed + name_size) return false;
  const std::string name(whole.substr(kFixed));
  if (!empty && read.count(std::hash<std::string>()(name)) == 0) {
    visitor->LeftOut(name, "is in the directory, but not where its header should be");
  }
  reader->Skip(kFixed + name_size + more);
  return true;
}

// Behind the members: which of those that the directory lists were not read, since the header of
// one is damaged.
void ReadDirectory(Reader* reader, const Names& read, const Limits& limits,
                   ContainerVisitor* visitor) {
  constexpr std::size_t kPiece = std::size_t{64} << 10;
  constexpr std::string_view kMark = "PK\x01\x02";
  for (std::uint64_t count = 0; count < limits.entries;) {
    const std::string_view piece = reader->Peek(kPiece);
    if (piece.size() < kMark.size()) return;
    const std::size_t at = piece.find(kMark);
    if (at == std::string_view::npos) {
      reader->Skip(piece.size() - (kMark.size() - 1));
      continue;
    }
    reader->Skip(at);
    ReadDirectoryEntry(reader, read, visitor) ? ++count : reader->Skip(1);
  }
}

}  // namespace

// APPNOTE.TXT 4.3.16: the number of this disk at 4 and of the directory's at 6; entries here at 8
// and in all at 10; the directory's size at 12 and its offset at 16.
bool IsEndOfZip(std::string_view bytes, std::uint64_t offset) {
  constexpr std::uint32_t kSmallestEntry = 46;
  if (bytes.size() < kZipEnd || !bytes.starts_with("PK\x05\x06")) return false;
  const auto entries = LittleEndian<std::uint16_t>(bytes, 8);
  const std::uint64_t size = LittleEndian<std::uint32_t>(bytes, 12);
  const std::uint64_t begin = LittleEndian<std::uint32_t>(bytes, 16);
  const bool one_disk = LittleEndian<std::uint32_t>(bytes, 4) == 0 &&
                        entries == LittleEndian<std::uint16_t>(bytes, 10) && entries > 0;
  return one_disk && size >= std::uint64_t{kSmallestEntry} * entries && begin + size <= offset;
}

bool BeginsZipDirectory(std::string_view bytes) {
  constexpr std::uint16_t kMethods[] = {0, 8, 9, 12, 14, 93, 95, 98, 99};
  constexpr std::size_t kLongestName = 1024;
  if (bytes.size() < 46 || !bytes.starts_with("PK\x01\x02")) return false;
  const auto method = LittleEndian<std::uint16_t>(bytes, 10);
  const auto name = LittleEndian<std::uint16_t>(bytes, 28);
  return std::find(std::begin(kMethods), std::end(kMethods), method) != std::end(kMethods) &&
         name > 0 && name <= kLongestName && LittleEndian<std::uint16_t>(bytes, 34) == 0;
}

void OpenZip(Reader* reader, std::uint64_t /*size*/, const Limits& limits,
             ContainerVisitor* visitor) {
  LocalHeader header;
  Names read;
  for (std::uint64_t count = 0; ReadHeader(reader, &header); ++count) {
    if (count >= limits.entries) throw Error(ErrorCode::kLimitExceeded, "has too many members");
    read.insert(std::hash<std::string>()(header.name));
    Checksum checksum;
    if (!header.has_descriptor || header.stored_size > 0) {
      checksum = OpenSized(header, reader, limits, visitor);
    } else if (header.method == 8 && !header.encrypted) {
      checksum = OpenCompressed(header, reader, limits, reader->position(), visitor);
    } else {
      throw Error(ErrorCode::kUnsupported, "does not say where a member ends");
    }
    std::uint32_t stated = header.checksum;
    if (header.has_descriptor) stated = SkipDescriptor(reader, header.zip64);
    // Writers that do not know it yet leave 0.
    if (checksum && stated != 0 && *checksum != stated) {
      visitor->LeftOut(header.name, "is damaged: its content does not fit its checksum");
    }
  }
  ReadDirectory(reader, read, limits, visitor);
}

}  // namespace watertight
