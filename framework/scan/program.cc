// Programs that carry an archive behind their own bytes: self-extractors, zipapps with an
// interpreter, bundles. The begin of a program tells where its sections and segments end; what
// follows is no part of it.
//
//   ELF (System V ABI, gABI 4.1): e_phoff at 32 (32 bits: 28), e_shoff at 40 (32), e_phentsize at
//   54 (42), then e_phnum, e_shentsize, e_shnum, of two bytes each; a segment's offset and size at
//   8 and 32 (4 and 16), a section's at 24 and 32 (16 and 20), its type at 4 PE (Microsoft, PE
//   Format): offset of its header at 60; number of sections there at 6, size of the optional header
//   at 20; behind it 40 bytes for each section: size at 16, offset at 20

#include <algorithm>

#include "framework/image/streams.h"
#include "framework/scan/containers.h"

namespace watertight {
namespace {

// Tables that stand in the first bytes are read; others stand at the end.
constexpr std::size_t kHeader = 64;
constexpr std::size_t kHeaders = std::size_t{64} << 10;

class Fields {
 public:
  explicit Fields(std::string_view bytes, bool big_endian = false)
      : bytes_(bytes), big_endian_(big_endian) {}

  // 0 for what lies beyond the bytes.
  std::uint64_t At(std::uint64_t at, std::size_t size) const {
    if (at > bytes_.size() || size > bytes_.size() - at) return 0;
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < size; ++i) {
      const std::size_t next = big_endian_ ? i : size - 1 - i;
      number = number << 8 | static_cast<unsigned char>(bytes_[at + next]);
    }
    return number;
  }

 private:
  std::string_view bytes_;
  bool big_endian_;
};

// Of sums that overflow, none: such a program is damaged.
std::uint64_t EndOf(std::uint64_t begin, std::uint64_t size) {
  return begin > UINT64_MAX - size ? 0 : begin + size;
}

// Entries of one size.
struct ElfTable {
  std::uint64_t begin = 0;
  std::uint64_t size = 0;  // of an entry
  std::uint64_t count = 0;

  std::uint64_t end() const { return EndOf(begin, size * count); }
};

struct ElfHeader {
  explicit ElfHeader(std::string_view head) : wide(head[4] == 2), big_endian(head[5] == 2) {
    const Fields fields(head, big_endian);
    const std::size_t word = wide ? 8 : 4;
    const std::size_t counts = wide ? 54 : 42;
    segments = {fields.At(wide ? 32 : 28, word), fields.At(counts, 2), fields.At(counts + 2, 2)};
    sections = {fields.At(wide ? 40 : 32, word), fields.At(counts + 4, 2),
                fields.At(counts + 6, 2)};
  }

  bool wide;
  bool big_endian;
  ElfTable segments;
  ElfTable sections;
};

// Bytes from the begin on that hold of the tables what is read. The last entry may be larger than
// it says.
std::size_t SizeToRead(const ElfHeader& header) {
  constexpr std::uint64_t kEntry = 64;
  std::uint64_t size = kHeader;
  for (const ElfTable& table : {header.segments, header.sections}) {
    if (table.begin < kHeaders) size = std::max(size, table.end() + kEntry);
  }
  return static_cast<std::size_t>(std::min<std::uint64_t>(size, kHeaders));
}

std::uint64_t ElfEnd(const ElfHeader& header, std::string_view head) {
  const bool wide = header.wide;
  const Fields fields(head, header.big_endian);
  const std::size_t word = wide ? 8 : 4;
  std::uint64_t end = header.sections.end();
  for (std::uint64_t i = 0; i < header.segments.count; ++i) {
    const std::uint64_t at = header.segments.begin + i * header.segments.size;
    end = std::max(
        end, EndOf(fields.At(at + (wide ? 8 : 4), word), fields.At(at + (wide ? 32 : 16), word)));
  }
  for (std::uint64_t i = 0; i < header.sections.count; ++i) {
    constexpr std::uint64_t kNoBits = 8;  // it takes no room in the file
    const std::uint64_t at = header.sections.begin + i * header.sections.size;
    if (fields.At(at + 4, 4) == kNoBits) continue;
    end = std::max(
        end, EndOf(fields.At(at + (wide ? 24 : 16), word), fields.At(at + (wide ? 32 : 20), word)));
  }
  return end;
}

std::uint64_t PeEnd(std::string_view head) {
  const Fields fields(head);
  const std::uint64_t header = fields.At(60, 4);
  if (!head.substr(std::min<std::uint64_t>(header, head.size())).starts_with("PE")) return 0;
  const std::uint64_t sections = header + 24 + fields.At(header + 20, 2);
  std::uint64_t end = 0;
  for (std::uint64_t i = 0; i < fields.At(header + 6, 2); ++i) {
    const std::uint64_t at = sections + 40 * i;
    end = std::max(end, EndOf(fields.At(at + 20, 4), fields.At(at + 16, 4)));
  }
  return end;
}

// Small reads: there are many programs, and most carry nothing.
std::uint64_t EndOfProgram(Reader* reader) {
  const std::string_view head = reader->Peek(kHeader);
  if (head.starts_with("MZ")) return PeEnd(reader->Peek(kHeaders));
  const ElfHeader header(head);
  return ElfEnd(header, reader->Peek(SizeToRead(header)));
}

}  // namespace

bool FitsProgram(std::string_view head) {
  return head.size() >= kHeader && (head.starts_with("\x7f"
                                                     "ELF") ||
                                    head.starts_with("MZ"));
}

void OpenProgram(Reader* reader, std::uint64_t size, const Limits& limits,
                 ContainerVisitor* visitor) {
  const std::uint64_t end = EndOfProgram(reader);
  if (end == 0 || end >= size || reader->Skip(end) < end) return;
  kWithArchive.open(reader, size - end, limits, visitor);
}

}  // namespace watertight
