#include "framework/image/tar_walk.h"

#include <algorithm>
#include <optional>

#include "framework/image/tar_fields.h"
#include "watertight/error.h"
#include "watertight/image.h"

namespace watertight {
namespace {

std::uint64_t Padded(std::uint64_t size) { return (size + kTarBlock - 1) / kTarBlock * kTarBlock; }

// Go's archive/tar, and so every engine: these types have no content, whatever their size field
// says.
bool HasContent(char type) { return type < '1' || type > '6'; }

[[noreturn]] void FailCorrupt(std::uint64_t offset, const std::string& what) {
  throw Error(ErrorCode::kCorrupt, "tar header at byte " + std::to_string(offset) + " " + what);
}

[[noreturn]] void FailTruncated(std::uint64_t offset, const std::string& what) {
  throw Error(ErrorCode::kTruncated, "tar ends at byte " + std::to_string(offset) + " " + what);
}

std::int64_t Number(std::string_view block, std::uint64_t header, std::size_t offset,
                    std::size_t size, const char* field) {
  const std::optional<std::int64_t> value = TarNumber(block, offset, size);
  if (!value) FailCorrupt(header, std::string("has a damaged ") + field + " field");
  return *value;
}

// Extension headers of one entry that may be as long as the limit: a PAX header, a global one, a
// long name, a long link name.
constexpr std::uint64_t kMostExtensions = 4;
// They count for every entry that follows.
constexpr std::size_t kMostGlobals = 1024;

std::uint32_t Id(std::int64_t value) {
  return value < 0 || value > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(value);
}

}  // namespace

// What GNU's extension headers say of the entry after them; what PAX headers say stands in its pax.
struct TarWalk::Overrides {
  std::optional<std::string> long_name;
  std::optional<std::string> long_link;
  std::optional<std::uint64_t> header_offset;
};

namespace {

struct Extension {
  char type;
  const char* what;
};
// 'X' is Solaris's PAX header.
constexpr Extension kExtensions[] = {{'x', "PAX header"},
                                     {'X', "PAX header"},
                                     {'g', "global PAX header"},
                                     {'L', "long name"},
                                     {'K', "long link name"}};

const Extension* FindExtension(char type) {
  const auto* found = std::find_if(std::begin(kExtensions), std::end(kExtensions),
                                   [type](const Extension& row) { return row.type == type; });
  return found == std::end(kExtensions) ? nullptr : found;
}

}  // namespace

bool TarWalk::LooksLikeTar(std::string_view block) {
  return block.size() == kTarBlock && (IsZeroBlock(block) || ChecksumFits(block));
}

bool TarWalk::Next(TarEntry* entry) {
  SkipContent();
  Overrides overrides;
  std::uint64_t extensions = 0;
  entry->pax.Clear();
  if (!global_pax_.empty()) entry->pax.Add(global_pax_);
  while (true) {
    const std::uint64_t offset = reader_->position();
    const std::string_view block = reader_->Peek(kTarBlock);
    if (block.empty() || (block.size() == kTarBlock && IsZeroBlock(block))) {
      if (overrides.header_offset) FailTruncated(offset, "after an extension header");
      return false;
    }
    if (block.size() < kTarBlock) FailTruncated(offset + block.size(), "inside a header");
    if (!ChecksumFits(block)) FailCorrupt(offset, "has a wrong checksum");
    if (!overrides.header_offset) overrides.header_offset = offset;
    const Extension* extension = FindExtension(block[156]);
    if (extension == nullptr) return ReadHeader(entry, overrides, block[156], block);

    const std::int64_t size = Number(block, offset, 124, 12, "size");
    if (size < 0) FailCorrupt(offset, "has a negative size");
    extensions += std::min<std::uint64_t>(static_cast<std::uint64_t>(size), limits_.name_bytes);
    if (extensions > kMostExtensions * limits_.name_bytes) {
      throw Error(ErrorCode::kLimitExceeded, "the extension headers before byte " +
                                                 std::to_string(offset) +
                                                 " are more than one entry can have");
    }
    reader_->Skip(kTarBlock);
    ReadBody(static_cast<std::uint64_t>(size), offset, extension->what);
    TakeExtension(extension->type, offset, entry, &overrides);
  }
}

void TarWalk::TakeExtension(char type, std::uint64_t offset, TarEntry* entry,
                            Overrides* overrides) {
  bool whole = true;
  switch (type) {
    case 'L':
      overrides->long_name = body_.substr(0, body_.find('\0'));
      break;
    case 'K':
      overrides->long_link = body_.substr(0, body_.find('\0'));
      break;
    case 'g':
      whole = global_pax_.Parse(body_);
      if (global_pax_.size() > kMostGlobals) {
        throw Error(ErrorCode::kLimitExceeded, "the global PAX headers up to byte " +
                                                   std::to_string(offset) + " state more than " +
                                                   std::to_string(kMostGlobals) + " keys");
      }
      entry->pax.Clear();
      entry->pax.Add(global_pax_);
      break;
    default:
      whole = entry->pax.Parse(body_);
  }
  if (!whole) FailCorrupt(offset, "has a damaged PAX record");
}

void TarWalk::ReadBody(std::uint64_t size, std::uint64_t header_offset, const char* what) {
  if (size > limits_.name_bytes) {
    throw Error(ErrorCode::kLimitExceeded, std::string(what) + " at byte " +
                                               std::to_string(header_offset) + " has " +
                                               std::to_string(size) + " bytes");
  }
  body_.clear();
  while (body_.size() < size) {
    const auto want =
        static_cast<std::size_t>(std::min<std::uint64_t>(size - body_.size(), Reader::kMaxPeek));
    const std::string_view piece = reader_->Peek(want);
    if (piece.empty()) FailTruncated(reader_->position(), std::string("inside a ") + what);
    body_ += piece;
    reader_->Skip(piece.size());
  }
  content_begin_ = content_end_ = reader_->position();
  next_header_ = content_end_ + Padded(size) - size;
  SkipContent();
}

namespace {

void ReadNumbers(std::string_view block, std::uint64_t at, TarEntry* entry) {
  entry->mode = static_cast<std::uint16_t>(Number(block, at, 100, 8, "mode") & 07777);
  entry->uid = Id(Number(block, at, 108, 8, "uid"));
  entry->gid = Id(Number(block, at, 116, 8, "gid"));
  entry->mtime = Number(block, at, 136, 12, "mtime");
  entry->mtime_nanoseconds = 0;
  const std::int64_t size = Number(block, at, 124, 12, "size");
  if (size < 0) FailCorrupt(at, "has a negative size");
  entry->stored_size = static_cast<std::uint64_t>(size);
  entry->sparse = false;
}

void ReadTexts(std::string_view block, char type, TarEntry* entry) {
  const std::string_view magic = block.substr(257, 6);
  const bool has_owner_names = magic.substr(0, 5) == "ustar";
  entry->uname = has_owner_names ? TarText(block, 265, 32) : std::string_view();
  entry->gname = has_owner_names ? TarText(block, 297, 32) : std::string_view();
  const bool device = has_owner_names && (type == '3' || type == '4');
  entry->device_major = device ? Id(TarNumber(block, 329, 8).value_or(0)) : 0;
  entry->device_minor = device ? Id(TarNumber(block, 337, 8).value_or(0)) : 0;
  // GNU's magic ends with a space: times and the sparse map stand where ustar has the prefix.
  const std::string_view prefix =
      magic == std::string_view("ustar\0", 6) ? TarText(block, 345, 155) : std::string_view();
  entry->name = prefix;
  if (!prefix.empty()) entry->name += '/';
  entry->name += TarText(block, 0, 100);
  entry->link = TarText(block, 157, 100);
}

// A record without a value takes an earlier one back (POSIX.1-2017 pax).
const std::string* Stated(const PaxRecords& pax, const char* key) {
  const std::string* value = pax.Find(key);
  return value == nullptr || value->empty() ? nullptr : value;
}

std::optional<std::uint64_t> PaxNumber(const PaxRecords& pax, std::uint64_t at, const char* key,
                                       const char* field) {
  const std::string* text = Stated(pax, key);
  if (text == nullptr) return std::nullopt;
  const std::optional<std::uint64_t> value = ParseDecimal(*text);
  if (!value) FailCorrupt(at, std::string("has a damaged PAX ") + field);
  return value;
}

std::uint32_t PaxId(std::uint64_t value) {
  return value > UINT32_MAX ? UINT32_MAX : static_cast<std::uint32_t>(value);
}

void ApplyPax(std::uint64_t at, TarEntry* entry) {
  const PaxRecords& pax = entry->pax;
  if (pax.empty()) return;
  if (const std::string* path = Stated(pax, "path")) entry->name = *path;
  if (const std::string* link = Stated(pax, "linkpath")) entry->link = *link;
  if (const std::string* name = Stated(pax, "uname")) entry->uname = *name;
  if (const std::string* name = Stated(pax, "gname")) entry->gname = *name;
  if (const auto value = PaxNumber(pax, at, "uid", "uid")) entry->uid = PaxId(*value);
  if (const auto value = PaxNumber(pax, at, "gid", "gid")) entry->gid = PaxId(*value);
  if (const auto value = PaxNumber(pax, at, "size", "size")) entry->stored_size = *value;
  if (const std::string* text = Stated(pax, "mtime")) {
    const std::optional<PaxTime> time = ParsePaxTime(*text);
    if (!time) FailCorrupt(at, "has a damaged PAX mtime");
    entry->mtime = time->seconds;
    entry->mtime_nanoseconds = time->nanoseconds;
  }
}

// GNU's PAX sparse forms 0.0, 0.1 and 1.0.
void ApplyPaxSparse(std::uint64_t at, TarEntry* entry) {
  if (entry->pax.empty()) return;
  if (const std::string* name = Stated(entry->pax, "GNU.sparse.name")) entry->name = *name;
  for (const char* key : {"GNU.sparse.size", "GNU.sparse.realsize"}) {
    if (const auto value = PaxNumber(entry->pax, at, key, "sparse size")) {
      entry->size = *value;
      entry->sparse = true;
    }
  }
}

}  // namespace

bool TarWalk::ReadHeader(TarEntry* entry, const Overrides& overrides, char type,
                         std::string_view block) {
  const std::uint64_t at = reader_->position();
  entry->header_offset = *overrides.header_offset;
  ReadNumbers(block, at, entry);
  ReadTexts(block, type, entry);
  if (overrides.long_name) entry->name = *overrides.long_name;
  if (overrides.long_link) entry->link = *overrides.long_link;
  ApplyPax(at, entry);
  // Go: only the NUL type of the oldest tars makes a directory of a name with a slash at its end.
  if (type == '\0') type = !entry->name.empty() && entry->name.back() == '/' ? '5' : '0';
  entry->type = type;
  if (!HasContent(type)) entry->stored_size = 0;
  CheckSize(entry->stored_size, at);
  entry->size = entry->stored_size;
  if (type == 'S') ReadSparseSize(entry, block);
  if (type == 'S') {
    ReadSparseMap(block, *entry, at);
  } else {
    reader_->Skip(kTarBlock);
  }
  ApplyPaxSparse(at, entry);
  CheckSize(entry->size, at);
  entry->content_offset = reader_->position();
  content_begin_ = reader_->position();
  content_end_ = content_begin_ + entry->stored_size;
  next_header_ = content_begin_ + Padded(entry->stored_size);
  return true;
}

void TarWalk::CheckSize(std::uint64_t size, std::uint64_t header_offset) const {
  if (size <= limits_.expanded_bytes) return;
  throw Error(ErrorCode::kLimitExceeded, "tar header at byte " + std::to_string(header_offset) +
                                             " claims " + std::to_string(size) + " bytes");
}

// Old GNU sparse.
void TarWalk::ReadSparseSize(TarEntry* entry, std::string_view block) const {
  const std::int64_t real_size = Number(block, reader_->position(), 483, 12, "sparse size");
  if (real_size < 0) FailCorrupt(reader_->position(), "has a negative sparse size");
  entry->type = '0';
  entry->sparse = true;
  entry->size = static_cast<std::uint64_t>(real_size);
}

namespace {

// Old GNU's map of a sparse file: where the stored bytes belong.
class SparseMap {
 public:
  SparseMap(const TarEntry& entry, std::uint64_t header_offset)
      : entry_(entry), header_offset_(header_offset) {}

  // Pairs of offset and length, 12 bytes each; an empty one ends them.
  void Read(std::string_view pairs) {
    constexpr std::size_t kNumber = 12;
    for (; pairs.size() >= 2 * kNumber && pairs[0] != '\0'; pairs.remove_prefix(2 * kNumber)) {
      Add(Field(pairs, 0, kNumber), Field(pairs, kNumber, kNumber));
    }
  }

 private:
  std::uint64_t Field(std::string_view pairs, std::size_t offset, std::size_t size) const {
    const std::int64_t value = Number(pairs, header_offset_, offset, size, "sparse map");
    if (value < 0) Fail();
    return static_cast<std::uint64_t>(value);
  }

  void Add(std::uint64_t offset, std::uint64_t length) {
    if (offset < end_ || offset > entry_.size || length > entry_.size - offset) Fail();
    if (length > entry_.stored_size - stored_) {
      FailCorrupt(header_offset_, "has a sparse map of more bytes than are stored");
    }
    end_ = offset + length;
    stored_ += length;
  }

  [[noreturn]] void Fail() const {
    FailCorrupt(header_offset_, "has a sparse map that runs back or beyond its size");
  }

  const TarEntry& entry_;
  std::uint64_t header_offset_;
  std::uint64_t end_ = 0;
  std::uint64_t stored_ = 0;
};

}  // namespace

// Four pairs and a flag in the header at 386 and 482; the map may go on in further blocks, each
// with 21 pairs and a flag at byte 504.
void TarWalk::ReadSparseMap(std::string_view block, const TarEntry& entry,
                            std::uint64_t header_offset) {
  SparseMap map(entry, header_offset);
  map.Read(block.substr(386, 96));
  bool more = block[482] != '\0';
  reader_->Skip(kTarBlock);
  while (more) {
    const std::string_view next = reader_->Peek(kTarBlock);
    if (next.size() < kTarBlock) FailTruncated(reader_->position(), "inside a sparse map");
    map.Read(next.substr(0, 504));
    more = next[504] != '\0';
    reader_->Skip(kTarBlock);
  }
}

void TarWalk::SkipContent() {
  if (reader_->position() >= next_header_) return;
  reader_->Skip(next_header_ - reader_->position());
  // Some writers leave out the padding after the last entry.
  if (reader_->position() < content_end_) {
    FailTruncated(reader_->position(), "inside the content of an entry of " +
                                           std::to_string(content_end_ - content_begin_) +
                                           " bytes");
  }
}

bool TarWalk::SkipZeros() {
  while (true) {
    const std::string_view piece = reader_->Peek(Reader::kMaxPeek);
    if (piece.empty()) return false;
    const std::size_t other = piece.find_first_not_of('\0');
    reader_->Skip(std::min(other, piece.size()));
    if (other != std::string_view::npos) return true;
  }
}

}  // namespace watertight
