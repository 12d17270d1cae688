#include "framework/scan/cache/packed_entries.h"

#include <cstddef>
#include <map>
#include <utility>

#include "framework/image/entry_table.h"
#include "framework/image/tar_entry.h"
#include "framework/image/tar_fields.h"

namespace watertight {
namespace {

// The type byte of tar. A whiteout's follows from its name.
char TypeByte(EntryType type) {
  switch (type) {
    case EntryType::kHardlink:
      return '1';
    case EntryType::kSymlink:
      return '2';
    case EntryType::kCharDevice:
      return '3';
    case EntryType::kBlockDevice:
      return '4';
    case EntryType::kDirectory:
      return '5';
    case EntryType::kFifo:
      return '6';
    case EntryType::kFile:
    case EntryType::kWhiteout:
    case EntryType::kOpaque:
      break;
  }
  return '0';
}

// The body of a PAX header: "25 ctime=1084839148.1212\n", where the length counts itself.
std::string PaxBody(const std::map<std::string, std::string>& records) {
  std::string body;
  for (const auto& [key, value] : records) {
    const std::size_t rest = key.size() + value.size() + 3;  // blank, "=" and newline
    std::size_t length = rest + 1;
    while (length != rest + std::to_string(length).size()) {
      length = rest + std::to_string(length).size();
    }
    body += std::to_string(length) + " " + key + "=" + value + "\n";
  }
  return body;
}

// As the walk over the tar met it. position: where the entry before ended.
void PackEntry(const Entry& entry, std::uint64_t* position, std::string* out) {
  *out += TypeByte(entry.type());
  PutText(entry.stored_name(), out);
  PutText(entry.link(), out);
  PutText(entry.uname(), out);
  PutText(entry.gname(), out);
  PutVarint(entry.mode().bits, out);
  PutVarint(entry.uid(), out);
  PutVarint(entry.gid(), out);
  PutVarint(ZigZag(entry.mtime()), out);
  PutVarint(entry.mtime_nanoseconds(), out);
  PutVarint(entry.device_major(), out);
  PutVarint(entry.device_minor(), out);
  PutVarint(entry.size(), out);
  PutVarint(entry.sparse() ? entry.stored_size() + 1 : 0, out);
  PutVarint(entry.header_offset() - *position, out);
  PutVarint(entry.content_offset() - entry.header_offset(), out);
  PutText(PaxBody(entry.pax()), out);
  *position = entry.content_offset();
}

TarEntry UnpackEntry(Unpacker* packed, std::uint64_t* position) {
  TarEntry entry;
  entry.type = static_cast<char>(packed->Number<unsigned char>());
  entry.name = packed->Text();
  entry.link = packed->Text();
  entry.uname = packed->Text();
  entry.gname = packed->Text();
  entry.mode = packed->Number<std::uint16_t>();
  entry.uid = packed->Number<std::uint32_t>();
  entry.gid = packed->Number<std::uint32_t>();
  entry.mtime = packed->Signed();
  entry.mtime_nanoseconds = packed->Number<std::uint32_t>();
  entry.device_major = packed->Number<std::uint32_t>();
  entry.device_minor = packed->Number<std::uint32_t>();
  entry.size = packed->Number();
  const std::uint64_t sparse = packed->Number();
  entry.sparse = sparse > 0;
  entry.stored_size = entry.sparse ? sparse - 1 : entry.size;
  entry.header_offset = *position + packed->Number();
  entry.content_offset = entry.header_offset + packed->Number();
  if (!entry.pax.Parse(packed->Text())) throw Unpacker::Damaged();
  *position = entry.content_offset;
  return entry;
}

}  // namespace

void PackNote(const Note& note, std::string* out) {
  PutText(note.code, out);
  PutText(note.path, out);
  PutText(note.text, out);
}

Note UnpackNote(Unpacker* packed) {
  Note note;
  note.code = packed->Text();
  note.path = packed->Text();
  note.text = packed->Text();
  return note;
}

void PackIndex(const LayerIndex& index, std::string* out) {
  PutVarint(index.size, out);
  PutVarint(index.trailer, out);
  PutVarint(index.notes.size(), out);
  for (const Note& note : index.notes) PackNote(note, out);
  PutVarint(index.entries.size(), out);
  std::uint64_t position = 0;
  for (const Entry& entry : index.entries) PackEntry(entry, &position, out);
}

LayerIndex UnpackIndex(Unpacker* packed) {
  LayerIndex index;
  index.size = packed->Number();
  index.trailer = packed->Number();
  for (std::size_t left = packed->Count(); left > 0; --left) {
    index.notes.push_back(UnpackNote(packed));
  }
  EntryTable table;
  std::uint64_t position = 0;
  for (std::size_t left = packed->Count(); left > 0; --left) {
    table.Add(UnpackEntry(packed, &position));
  }
  index.entries = std::move(table.entries());
  index.tables = std::move(table.tables());
  return index;
}

}  // namespace watertight
