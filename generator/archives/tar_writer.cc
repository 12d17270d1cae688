#include "generator/archives/tar_writer.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace watertight::generator {
namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kNameSize = 100;
constexpr std::size_t kPrefixSize = 155;
constexpr std::size_t kOwnerSize = 32;

struct Field {
  std::size_t offset;
  std::size_t size;
};
constexpr Field kName{0, kNameSize}, kMode{100, 8}, kUid{108, 8}, kGid{116, 8}, kSize{124, 12},
    kMtime{136, 12}, kChecksum{148, 8}, kType{156, 1}, kLink{157, kNameSize}, kMagic{257, 8},
    kUname{265, kOwnerSize}, kGname{297, kOwnerSize}, kMajor{329, 8}, kMinor{337, 8},
    kPrefix{345, kPrefixSize};

using PaxRecords = std::map<std::string, std::string>;

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c != '\0' && static_cast<unsigned char>(c) < 0x80; });
}

// What Go puts into a header field for a name that only a PAX record can hold: the ASCII of it.
std::string AsciiOf(std::string_view text) {
  std::string ascii;
  std::copy_if(text.begin(), text.end(), std::back_inserter(ascii),
               [](char c) { return c != '\0' && static_cast<unsigned char>(c) < 0x80; });
  return ascii;
}

bool FitsOctal(std::int64_t value, std::size_t field_size) {
  const std::size_t bits = (field_size - 1) * 3;
  return value >= 0 && (bits >= 63 || value < (std::int64_t{1} << bits));
}

bool IsGnu(TarForm form) { return form == TarForm::kGnu || form == TarForm::kGoGnu; }

class Header {
 public:
  Header() : block_(kBlock, '\0') {}

  void Put(Field field, std::string_view bytes) {
    bytes = bytes.substr(0, field.size);
    std::copy(bytes.begin(), bytes.end(),
              block_.begin() + static_cast<std::ptrdiff_t>(field.offset));
  }

  // A name that is cut must not end with a slash: readers take it for a directory.
  void PutName(Field field, std::string_view name) {
    Put(field, name);
    if (name.size() <= field.size) return;
    std::size_t end = field.offset + field.size;
    while (end > field.offset && block_[end - 1] == '/') block_[--end] = '\0';
  }

  void PutOctal(Field field, std::int64_t value) {
    std::uint64_t rest = FitsOctal(value, field.size) ? static_cast<std::uint64_t>(value) : 0;
    for (std::size_t i = field.size - 1; i-- > 0; rest >>= 3) {
      block_[field.offset + i] = static_cast<char>('0' + (rest & 7));
    }
  }

  // GNU's form of what octal digits cannot hold: two's complement, the first bit set.
  void PutBase256(Field field, std::int64_t value) {
    for (std::size_t i = field.size; i-- > 0; value >>= 8) {
      block_[field.offset + i] = static_cast<char>(value & 0xff);
    }
    block_[field.offset] =
        static_cast<char>(static_cast<unsigned char>(block_[field.offset]) | 0x80);
  }

  void PutNumber(Field field, std::int64_t value, TarForm form) {
    if (IsGnu(form) && !FitsOctal(value, field.size)) return PutBase256(field, value);
    PutOctal(field, value);
  }

  std::string Finish(const std::vector<HeaderPatch>& patches) {
    PutChecksum();
    if (patches.empty()) return block_;
    for (const HeaderPatch& patch : patches) Put({patch.offset, patch.bytes.size()}, patch.bytes);
    PutChecksum();
    for (const HeaderPatch& patch : patches) {
      const bool covers = patch.offset < kChecksum.offset + kChecksum.size &&
                          patch.offset + patch.bytes.size() > kChecksum.offset;
      if (covers) Put({patch.offset, patch.bytes.size()}, patch.bytes);
    }
    return block_;
  }

 private:
  void PutChecksum() {
    Put(kChecksum, "        ");
    std::int64_t sum = 0;
    for (const char c : block_) sum += static_cast<unsigned char>(c);
    PutOctal({kChecksum.offset, 7}, sum);
    block_[kChecksum.offset + 6] = '\0';
  }

  std::string block_;
};

// POSIX ustar: PREFIX "/" NAME. The longest prefix that fits, as Go chooses it.
struct SplitName {
  std::string prefix;
  std::string name;
};

std::optional<SplitName> SplitForUstar(const std::string& name) {
  if (name.size() <= kNameSize || !IsAscii(name)) return std::nullopt;
  std::size_t length = name.size();
  if (length > kPrefixSize + 1) {
    length = kPrefixSize + 1;
  } else if (name.back() == '/') {
    --length;
  }
  const std::size_t slash = std::string_view(name).substr(0, length).rfind('/');
  if (slash == std::string_view::npos || slash == 0 || slash > kPrefixSize) return std::nullopt;
  const std::size_t rest = name.size() - slash - 1;
  if (rest == 0 || rest > kNameSize) return std::nullopt;
  return SplitName{name.substr(0, slash), name.substr(slash + 1)};
}

std::uint64_t HeaderSize(const TarEntry& entry) {
  return entry.claimed_size.value_or(entry.content.size());
}

// The records that the entry needs, beside those it brings. `split` = the name fits by its prefix.
PaxRecords NeededRecords(const TarEntry& entry, bool split) {
  PaxRecords records = entry.pax;
  const auto text = [&](const char* key, const std::string& value, std::size_t size, bool fits) {
    if (fits && value.size() > size) return;
    if (value.size() > size || !IsAscii(value)) records.emplace(key, value);
  };
  const auto number = [&](const char* key, std::int64_t value, Field field) {
    if (!FitsOctal(value, field.size)) records.emplace(key, std::to_string(value));
  };
  text("path", entry.name, kNameSize, split);
  text("linkpath", entry.link, kNameSize, false);
  text("uname", entry.uname, kOwnerSize, false);
  text("gname", entry.gname, kOwnerSize, false);
  number("uid", entry.uid, kUid);
  number("gid", entry.gid, kGid);
  number("size", static_cast<std::int64_t>(HeaderSize(entry)), kSize);
  number("mtime", entry.mtime, kMtime);
  return records;
}

// "LENGTH KEY=VALUE\n"; the length counts its own digits.
std::string PaxRecord(const std::string& key, const std::string& value) {
  const std::size_t rest = key.size() + value.size() + 3;
  std::size_t length = rest + std::to_string(rest).size();
  length = rest + std::to_string(length).size();
  return std::to_string(length) + " " + key + "=" + value + "\n";
}

// DIR/PaxHeaders.0/NAME with the path cleaned, as Go's path.Join does.
std::string PaxHeaderName(const std::string& name) {
  const std::size_t slash = name.rfind('/');
  const std::string directory = slash == std::string::npos ? "" : name.substr(0, slash + 1);
  const std::string base = slash == std::string::npos ? name : name.substr(slash + 1);
  const std::string joined = directory + "PaxHeaders.0/" + base;
  std::vector<std::string> parts;
  const bool absolute = joined.front() == '/';
  for (std::size_t begin = 0; begin <= joined.size();) {
    const std::size_t end = std::min(joined.find('/', begin), joined.size());
    const std::string part = joined.substr(begin, end - begin);
    begin = end + 1;
    if (part.empty() || part == ".") continue;
    const bool up = part == "..";
    const bool leads_out = parts.empty() || parts.back() == "..";
    if (up && !leads_out) {
      parts.pop_back();
    } else if (!up || !absolute) {
      parts.push_back(part);
    }
  }
  std::string cleaned;
  for (const std::string& part : parts) cleaned += (cleaned.empty() ? "" : "/") + part;
  return absolute ? "/" + cleaned : cleaned;
}

void AppendPadded(Rope& tar, const Rope& content) {
  tar.Append(content);
  tar.AppendZeros((kBlock - content.size() % kBlock) % kBlock);
}

void AppendPaxEntry(Rope& tar, const TarEntry& entry, const PaxRecords& records, TarForm form) {
  std::string body;
  for (const auto& [key, value] : records) body += PaxRecord(key, value);
  std::string name = "././@PaxHeader";
  if (form == TarForm::kGo) {
    name = AsciiOf(PaxHeaderName(entry.name)).substr(0, kNameSize);
    while (!name.empty() && name.back() == '/') name.pop_back();
  }
  Header header;
  header.Put(kName, name);
  for (const Field field : {kMode, kUid, kGid, kMtime}) header.PutOctal(field, 0);
  header.PutOctal(kSize, static_cast<std::int64_t>(body.size()));
  header.Put(kType, "x");
  header.Put(kMagic, std::string_view("ustar\00000", 8));
  tar.Append(header.Finish({}));
  AppendPadded(tar, Rope(std::move(body)));
}

// GNU: the text, NUL-terminated, as the body of an entry of its own.
void AppendLongText(Rope& tar, char type, const std::string& text, TarForm form) {
  if (text.size() <= kNameSize) return;
  Header header;
  header.Put(kName, "././@LongLink");
  header.PutOctal(kMode, form == TarForm::kGnu ? 0644 : 0);
  for (const Field field : {kUid, kGid, kMtime}) header.PutOctal(field, 0);
  header.PutOctal(kSize, static_cast<std::int64_t>(text.size() + 1));
  header.Put(kType, std::string_view(&type, 1));
  header.Put(kMagic, std::string_view("ustar  \0", 8));
  for (const Field field : {kUname, kGname}) header.Put(field, form == TarForm::kGnu ? "root" : "");
  tar.Append(header.Finish({}));
  AppendPadded(tar, Rope(text + '\0'));
}

bool IsDevice(char type) { return type == '3' || type == '4'; }

Header CommonHeader(const TarEntry& entry, TarForm form) {
  Header header;
  header.PutNumber(kMode, entry.mode, form);
  header.PutNumber(kUid, entry.uid, form);
  header.PutNumber(kGid, entry.gid, form);
  header.PutNumber(kSize, static_cast<std::int64_t>(HeaderSize(entry)), form);
  header.PutNumber(kMtime, entry.mtime, form);
  header.Put(kType, std::string_view(&entry.type, 1));
  if (form == TarForm::kGo || form == TarForm::kGoGnu || IsDevice(entry.type)) {
    header.PutNumber(kMajor, entry.device_major, form);
    header.PutNumber(kMinor, entry.device_minor, form);
  }
  return header;
}

void AppendGnuEntry(Rope& tar, const TarEntry& entry, TarForm form) {
  if (form == TarForm::kGnu) AppendLongText(tar, 'K', entry.link, form);
  AppendLongText(tar, 'L', entry.name, form);
  if (form == TarForm::kGoGnu) AppendLongText(tar, 'K', entry.link, form);
  Header header = CommonHeader(entry, form);
  const auto name = form == TarForm::kGnu ? &Header::Put : &Header::PutName;
  (header.*name)(kName, entry.name);
  (header.*name)(kLink, entry.link);
  header.Put(kMagic, std::string_view("ustar  \0", 8));
  header.Put(kUname, entry.uname);
  header.Put(kGname, entry.gname);
  tar.Append(header.Finish(entry.patches));
  AppendPadded(tar, entry.content);
}

void AppendUstarEntry(Rope& tar, const TarEntry& entry, TarForm form) {
  std::optional<SplitName> split;
  if (form == TarForm::kGo && entry.prefix) split = SplitForUstar(entry.name);
  PaxRecords records = NeededRecords(entry, split.has_value());
  if (!records.empty()) {
    // One record makes the entry a PAX entry, and there Go leaves the prefix field alone.
    split.reset();
    records = NeededRecords(entry, false);
    AppendPaxEntry(tar, entry, records, form);
  }
  const auto text = [&](const std::string& value) {
    return records.empty() ? value : AsciiOf(value);
  };
  Header header = CommonHeader(entry, form);
  header.PutName(kName, split ? split->name : text(entry.name));
  header.PutName(kLink, text(entry.link));
  header.Put(kMagic, std::string_view("ustar\00000", 8));
  header.PutName(kUname, text(entry.uname));
  header.PutName(kGname, text(entry.gname));
  if (split) header.Put(kPrefix, split->prefix);
  tar.Append(header.Finish(entry.patches));
  AppendPadded(tar, entry.content);
}

// Records of an entry's own say what its fields mean.
TarMark MarkOf(const TarEntry& entry, std::uint64_t offset) {
  TarMark mark{.offset = offset,
               .size = entry.content.size(),
               .type = entry.type,
               .name = entry.name,
               .link = entry.link,
               .uname = entry.uname,
               .gname = entry.gname,
               .pax = entry.pax};
  const auto take = [&mark](const char* key, std::string& field) {
    const auto record = mark.pax.extract(key);
    if (!record.empty()) field = record.mapped();
  };
  take("path", mark.name);
  take("linkpath", mark.link);
  take("uname", mark.uname);
  take("gname", mark.gname);
  return mark;
}

}  // namespace

void AppendTarEntry(Rope& tar, const TarEntry& entry, TarForm form) {
  TarMark mark = MarkOf(entry, tar.size());
  if (IsGnu(form)) {
    AppendGnuEntry(tar, entry, form);
  } else {
    AppendUstarEntry(tar, entry, form);
  }
  mark.content = tar.size() - (mark.size + kBlock - 1) / kBlock * kBlock;
  tar.Mark(std::move(mark));
}

void AppendTarEnd(Rope& tar, const TarOptions& options) {
  if (!options.end_blocks) return;
  tar.AppendZeros(2 * kBlock);
  if (options.record_size <= 2 * kBlock) return;
  tar.AppendZeros((options.record_size - tar.size() % options.record_size) % options.record_size);
}

Rope WriteTar(const std::vector<TarEntry>& entries, const TarOptions& options) {
  Rope tar;
  for (const TarEntry& entry : entries) AppendTarEntry(tar, entry, options.form);
  AppendTarEnd(tar, options);
  return tar;
}

std::uint32_t WithTypeBits(char type, std::uint32_t mode) {
  constexpr std::array<std::pair<char, std::uint32_t>, 7> kTypeBits = {{{'0', 0100000},
                                                                        {'1', 0100000},
                                                                        {'2', 0120000},
                                                                        {'3', 0020000},
                                                                        {'4', 0060000},
                                                                        {'5', 0040000},
                                                                        {'6', 0010000}}};
  for (const auto& [known, bits] : kTypeBits) {
    if (known == type) return mode | bits;
  }
  return mode;
}

}  // namespace watertight::generator
