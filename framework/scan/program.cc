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

// Headers that stand in the first bytes are read; other tables stand at the end.
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

std::uint64_t ElfEnd(std::string_view head) {
  const bool wide = head[4] == 2;
  const Fields fields(head, head[5] == 2);
  const std::size_t word = wide ? 8 : 4;
  const std::uint64_t segments = fields.At(wide ? 32 : 28, word);
  const std::uint64_t sections = fields.At(wide ? 40 : 32, word);
  const std::size_t counts = wide ? 54 : 42;
  const std::uint64_t segment_size = fields.At(counts, 2);
  const std::uint64_t section_size = fields.At(counts + 4, 2);
  const std::uint64_t section_count = fields.At(counts + 6, 2);
  std::uint64_t end = EndOf(sections, section_size * section_count);
  for (std::uint64_t i = 0; i < fields.At(counts + 2, 2); ++i) {
    const std::uint64_t at = segments + i * segment_size;
    end = std::max(
        end, EndOf(fields.At(at + (wide ? 8 : 4), word), fields.At(at + (wide ? 32 : 16), word)));
  }
  for (std::uint64_t i = 0; i < section_count; ++i) {
    constexpr std::uint64_t kNoBits = 8;  // it takes no room in the file
    const std::uint64_t at = sections + i * section_size;
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

}  // namespace

bool FitsProgram(std::string_view head) {
  return head.size() >= 64 && (head.starts_with("\x7f"
                                                "ELF") ||
                               head.starts_with("MZ"));
}

void OpenProgram(Reader* reader, std::uint64_t size, const Limits& limits,
                 ContainerVisitor* visitor) {
  const std::string_view head = reader->Peek(kHeaders);
  const std::uint64_t end = head.starts_with("MZ") ? PeEnd(head) : ElfEnd(head);
  if (end == 0 || end >= size || reader->Skip(end) < end) return;
  kWithArchive.open(reader, size - end, limits, visitor);
}

}  // namespace watertight
