#include "cli/entry_lines.h"

#include <algorithm>
#include <string>

#include "cli/output.h"
#include "cli/text.h"
#include "framework/image/path.h"
#include "framework/scan/fate.h"

namespace watertight::cli {
namespace {

bool HasLink(const Entry& entry) {
  return entry.type() == EntryType::kSymlink || entry.type() == EntryType::kHardlink;
}

bool IsDevice(const Entry& entry) {
  return entry.type() == EntryType::kCharDevice || entry.type() == EntryType::kBlockDevice;
}

bool IsAscii(std::string_view bytes) {
  return std::all_of(bytes.begin(), bytes.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

void AppendBytesMember(const char* key, std::string_view bytes, std::string* out) {
  *out += ", \"";
  *out += key;
  *out += "\": ";
  AppendJsonString(bytes, out);
  if (IsAscii(bytes) || IsUtf8(bytes)) return;
  *out += ", \"";
  *out += key;
  *out += "_base64\": \"" + Base64(bytes) + "\"";
}

void AppendMode(Mode mode, std::string* out) {
  for (int shift = 9; shift >= 0; shift -= 3) {
    *out += static_cast<char>('0' + ((mode.bits >> shift) & 7));
  }
}

template <typename Number>
void AppendMember(const char* key, Number number, std::string* out) {
  *out += key;
  AppendNumber(number, out);
}

void AppendFate(const StoredEntry& stored, std::string* out) {
  *out += stored.visible ? ", \"visible\": true" : ", \"visible\": false";
  if (!stored.removed_by) {
    *out += ", \"removed_by\": null";
    return;
  }
  AppendMember(", \"removed_by\": {\"layer\": ", std::int64_t{stored.removed_by->layer}, out);
  *out += ", \"how\": \"";
  *out += ToString(stored.removed_by->how);
  *out += "\"}";
}

void AppendJson(const EntryLine& line, std::string* out) {
  const Entry& entry = *line.entry;
  *out += '{';
  const std::size_t start = out->size();
  AppendBytesMember("path", line.path, out);
  out->erase(start, 2);  // the comma before the first member
  *out += ", \"type\": \"";
  *out += ToString(entry.type());
  *out += "\", \"mode\": \"";
  AppendMode(entry.mode(), out);
  AppendMember("\", \"uid\": ", std::uint64_t{entry.uid()}, out);
  AppendMember(", \"gid\": ", std::uint64_t{entry.gid()}, out);
  AppendMember(", \"size\": ", entry.size(), out);
  AppendMember(", \"mtime\": ", entry.mtime(), out);
  if (HasLink(entry)) {
    AppendBytesMember("link", entry.link(), out);
  } else {
    *out += ", \"link\": null";
  }
  if (IsDevice(entry)) {
    AppendMember(", \"device\": [", std::uint64_t{entry.device_major()}, out);
    AppendMember(", ", std::uint64_t{entry.device_minor()}, out);
    *out += ']';
  }
  AppendMember(", \"layer\": ", std::int64_t{line.layer}, out);
  if (line.fate != nullptr) AppendFate(*line.fate, out);
  *out += "}\n";
}

// The first column of `ls -l`; a whiteout, which has no permissions, is named instead.
void AppendModeText(const Entry& entry, std::string* out) {
  constexpr std::string_view kTypes = "-dl-cbp";
  const auto type = static_cast<std::size_t>(entry.type());
  if (type >= kTypes.size()) {
    *out += entry.type() == EntryType::kOpaque ? "opaque    " : "whiteout  ";
    return;
  }
  const unsigned bits = entry.mode().bits;
  char text[] = "-rwxrwxrwx";
  text[0] = kTypes[type];
  for (unsigned i = 0; i < 9; ++i) {
    if ((bits & (0400U >> i)) == 0) text[1 + i] = '-';
  }
  struct Special {
    unsigned bit;
    std::size_t at;
    char with_execute;
    char without;
  };
  constexpr Special kSpecials[] = {
      {04000, 3, 's', 'S'}, {02000, 6, 's', 'S'}, {01000, 9, 't', 'T'}};
  for (const Special& special : kSpecials) {
    if ((bits & special.bit) == 0) continue;
    text[special.at] = text[special.at] == 'x' ? special.with_execute : special.without;
  }
  out->append(text, sizeof text - 1);
}

std::size_t Digits(std::uint64_t number) {
  std::size_t digits = 1;
  for (; number > 9; number /= 10) ++digits;
  return digits;
}

std::size_t OwnerColumns(const Entry& entry) {
  return Digits(entry.uid()) + 1 + Digits(entry.gid());
}

std::size_t SizeColumns(const Entry& entry) {
  if (!IsDevice(entry)) return Digits(entry.size());
  return Digits(entry.device_major()) + 2 + Digits(entry.device_minor());
}

void AppendSize(const Entry& entry, std::string* out) {
  if (!IsDevice(entry)) {
    AppendNumber(entry.size(), out);
    return;
  }
  AppendNumber(std::uint64_t{entry.device_major()}, out);
  *out += ", ";
  AppendNumber(std::uint64_t{entry.device_minor()}, out);
}

std::string LayerColumn(const EntryLine& line) {
  return line.fate != nullptr ? FateText(*line.fate) : "layer " + std::to_string(line.layer);
}

void AppendSpaces(std::size_t count, std::string* out) { out->append(count, ' '); }

}  // namespace

void WriteJsonLines(const EntryLines& lines, Output& out) {
  for (std::size_t i = 0; i < lines.size; ++i) {
    AppendJson(lines.at(i), &out.buffer());
    out.Drain();
  }
}

void WriteTextLines(const EntryLines& lines, bool one_layer, Output& out) {
  std::size_t owner_columns = 0;
  std::size_t size_columns = 0;
  std::size_t fate_columns = 0;
  for (std::size_t i = 0; i < lines.size; ++i) {
    const EntryLine line = lines.at(i);
    owner_columns = std::max(owner_columns, OwnerColumns(*line.entry));
    size_columns = std::max(size_columns, SizeColumns(*line.entry));
    if (!one_layer) fate_columns = std::max(fate_columns, LayerColumn(line).size());
  }
  for (std::size_t i = 0; i < lines.size; ++i) {
    const EntryLine line = lines.at(i);
    const Entry& entry = *line.entry;
    std::string& text = out.buffer();
    AppendModeText(entry, &text);
    text += "  ";
    AppendNumber(std::uint64_t{entry.uid()}, &text);
    text += ':';
    AppendNumber(std::uint64_t{entry.gid()}, &text);
    AppendSpaces(2 + owner_columns - OwnerColumns(entry) + size_columns - SizeColumns(entry),
                 &text);
    AppendSize(entry, &text);
    text += "  ";
    AppendMinute(entry.mtime(), &text);
    text += "  ";
    if (!one_layer) {
      const std::string fate = LayerColumn(line);
      text += fate;
      AppendSpaces(2 + fate_columns - fate.size(), &text);
    }
    AppendPrintable(line.path.empty() ? "." : line.path, &text);
    if (HasLink(entry)) {
      text += entry.type() == EntryType::kHardlink ? " link to " : " -> ";
      AppendPrintable(entry.link(), &text);
    }
    text += '\n';
    out.Drain();
  }
}

}  // namespace watertight::cli
