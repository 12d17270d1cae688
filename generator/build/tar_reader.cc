#include "generator/build/tar_reader.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "generator/dockerfile/numbers.h"
#include "generator/dockerfile/text.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

constexpr std::uint64_t kBlock = 512;
constexpr size_t kChecksum = 148;
constexpr std::string_view kXattr = "SCHILY.xattr.";

Error NoHeader() { return Error("archive/tar: invalid tar header"); }

std::string_view Field(std::string_view block, size_t offset, size_t length) {
  const std::string_view field = block.substr(offset, length);
  return field.substr(0, field.find('\0'));
}

// Octal digits, or base 256 when the first bit is set.
std::int64_t Number(std::string_view block, size_t offset, size_t length) {
  const std::string_view field = block.substr(offset, length);
  if ((static_cast<unsigned char>(field[0]) & 0x80) != 0) {
    const bool negative = (static_cast<unsigned char>(field[0]) & 0x40) != 0;
    std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
    for (size_t i = 0; i < field.size(); ++i) {
      std::uint64_t byte = static_cast<unsigned char>(field[i]);
      if (i == 0) byte = negative ? byte : byte & 0x7f;
      value = value << 8 | byte;
    }
    return static_cast<std::int64_t>(value);
  }
  std::string digits(field);
  const size_t begin = digits.find_first_not_of(std::string_view(" \0", 2));
  if (begin == digits.npos) return 0;
  const size_t end = digits.find_last_not_of(std::string_view(" \0", 2)) + 1;
  digits = digits.substr(begin, end - begin);
  const auto value = ParseUint(digits.substr(0, digits.find('\0')), 8, 63);
  if (!value) throw NoHeader();
  return static_cast<std::int64_t>(*value);
}

bool ChecksumFits(std::string_view block) {
  std::int64_t as_unsigned = 0;
  std::int64_t as_signed = 0;
  for (size_t i = 0; i < block.size(); ++i) {
    const char c = i >= kChecksum && i < kChecksum + 8 ? ' ' : block[i];
    as_unsigned += static_cast<unsigned char>(c);
    as_signed += static_cast<signed char>(c);
  }
  const std::int64_t stored = Number(block, kChecksum, 8);
  return stored == as_unsigned || stored == as_signed;
}

// "LENGTH KEY=VALUE\n", LENGTH counting all of it.
std::map<std::string, std::string> PaxRecords(std::string_view text) {
  std::map<std::string, std::string> records;
  while (!text.empty()) {
    const size_t blank = text.find(' ');
    const auto length =
        blank == text.npos ? std::nullopt : ParseUint(text.substr(0, blank), 10, 31);
    if (!length || *length > text.size() || *length < blank + 2) throw NoHeader();
    const std::string_view record = text.substr(blank + 1, *length - blank - 2);
    const size_t equals = record.find('=');
    if (equals == record.npos || text[*length - 1] != '\n') throw NoHeader();
    records[std::string(record.substr(0, equals))] = record.substr(equals + 1);
    text.remove_prefix(*length);
  }
  return records;
}

// The whole seconds, rounded down.
std::int64_t Seconds(const std::string& text) {
  const size_t point = text.find('.');
  std::int64_t seconds = ParseInt(text.substr(0, point), 64);
  const bool fraction =
      point != text.npos && text.find_first_not_of('0', point + 1) != std::string::npos;
  if (text.starts_with('-') && fraction) --seconds;
  return seconds;
}

// What extension headers say about the next entry.
struct Overrides {
  std::map<std::string, std::string> pax;
  std::string name;
  std::string link;
};

void ApplyPax(const std::map<std::string, std::string>& pax, UnpackedEntry& entry) {
  for (const auto& [key, value] : pax) {
    if (key.starts_with(kXattr)) {
      entry.attributes.xattrs[key.substr(kXattr.size())] = value;
    } else if (value.empty()) {
      continue;  // the header's own
    } else if (key == "path") {
      entry.name = value;
    } else if (key == "linkpath") {
      entry.link = value;
    } else if (key == "uname") {
      entry.uname = value;
    } else if (key == "gname") {
      entry.gname = value;
    } else if (key == "uid") {
      entry.attributes.uid = ParseInt(value, 64);
    } else if (key == "gid") {
      entry.attributes.gid = ParseInt(value, 64);
    } else if (key == "mtime") {
      entry.attributes.mtime = Seconds(value);
    } else if (key.starts_with("GNU.sparse.")) {
      throw Error("sparse files in archives are not supported");
    }
  }
}

std::uint64_t SizeOf(std::string_view block, const Overrides& overrides) {
  const auto pax = overrides.pax.find("size");
  const std::int64_t size =
      pax == overrides.pax.end() ? Number(block, 124, 12) : ParseInt(pax->second, 64);
  if (size < 0) throw NoHeader();
  return static_cast<std::uint64_t>(size);
}

UnpackedEntry Header(std::string_view block, const Overrides& overrides) {
  UnpackedEntry entry;
  entry.type = block[156];
  entry.name = Field(block, 0, 100);
  entry.link = Field(block, 157, 100);
  const bool ustar = block.substr(257, 6) == std::string_view("ustar\0", 6);
  const std::string_view prefix = ustar ? Field(block, 345, 155) : "";
  if (!prefix.empty()) entry.name = std::string(prefix) + "/" + entry.name;
  entry.uname = Field(block, 265, 32);
  entry.gname = Field(block, 297, 32);
  entry.attributes.mode = static_cast<std::uint32_t>(Number(block, 100, 8)) & 07777;
  entry.attributes.uid = Number(block, 108, 8);
  entry.attributes.gid = Number(block, 116, 8);
  entry.attributes.mtime = Number(block, 136, 12);
  if (entry.type == '3' || entry.type == '4') {
    entry.device_major = static_cast<std::uint32_t>(Number(block, 329, 8));
    entry.device_minor = static_cast<std::uint32_t>(Number(block, 337, 8));
  }
  entry.gnu = block.substr(257, 8) == std::string_view("ustar  \0", 8);
  entry.pax = overrides.pax;
  ApplyPax(overrides.pax, entry);
  if (!overrides.name.empty()) entry.name = overrides.name;
  if (!overrides.link.empty()) entry.link = overrides.link;
  if (entry.type == '\0') entry.type = entry.name.ends_with('/') ? '5' : '0';
  if (entry.type == 'S') throw Error("sparse files in archives are not supported");
  return entry;
}

std::string UpToNul(const std::string& text) { return text.substr(0, text.find('\0')); }

}  // namespace

std::optional<std::string> TarReader::Block() {
  if (offset_ == tar_.size()) return std::nullopt;
  if (tar_.size() - offset_ < kBlock) throw Error("unexpected EOF");
  std::string block = tar_.Part(offset_, kBlock).ToString();
  offset_ += kBlock;
  return block;
}

Rope TarReader::Content(std::uint64_t size) {
  if (tar_.size() - offset_ < size) throw Error("unexpected EOF");
  Rope content = tar_.Part(offset_, size);
  offset_ = std::min(offset_ + (size + kBlock - 1) / kBlock * kBlock, tar_.size());
  return content;
}

std::optional<UnpackedEntry> TarReader::Next() {
  Overrides overrides;
  while (true) {
    const std::optional<std::string> block = Block();
    if (!block || block->find_first_not_of('\0') == std::string::npos) return std::nullopt;
    if (!ChecksumFits(*block)) throw NoHeader();
    const char type = (*block)[156];
    if (type == 'x') {
      overrides.pax = PaxRecords(Content(SizeOf(*block, {})).ToString());
    } else if (type == 'g') {
      Content(SizeOf(*block, {}));
    } else if (type == 'L') {
      overrides.name = UpToNul(Content(SizeOf(*block, {})).ToString());
    } else if (type == 'K') {
      overrides.link = UpToNul(Content(SizeOf(*block, {})).ToString());
    } else {
      UnpackedEntry entry = Header(*block, overrides);
      // Links and the like have no content, whatever their size says.
      const bool has_content = entry.type == '0' || entry.type == '7';
      const bool special = entry.type >= '1' && entry.type <= '6';
      if (!special) {
        Rope content = Content(SizeOf(*block, overrides));
        if (has_content) entry.content = std::move(content);
      }
      return entry;
    }
  }
}

}  // namespace watertight::generator
