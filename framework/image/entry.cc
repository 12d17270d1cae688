#include "watertight/entry.h"

#include <algorithm>

#include "framework/image/entry_table.h"
#include "framework/image/path.h"
#include "framework/image/tar_fields.h"
#include "framework/image/xattrs.h"
#include "watertight/error.h"

namespace watertight {

const char* ToString(EntryType type) {
  switch (type) {
    case EntryType::kFile:
      return "file";
    case EntryType::kDirectory:
      return "directory";
    case EntryType::kSymlink:
      return "symlink";
    case EntryType::kHardlink:
      return "hardlink";
    case EntryType::kCharDevice:
      return "char";
    case EntryType::kBlockDevice:
      return "block";
    case EntryType::kFifo:
      return "fifo";
    case EntryType::kWhiteout:
      return "whiteout";
    case EntryType::kOpaque:
      return "opaque";
  }
  return "unknown";
}

void PrintTo(EntryType type, std::ostream* out) { *out << ToString(type); }

std::string ToString(Mode mode) {
  std::string text = "0000";
  for (int digit = 0; digit < 4; ++digit) {
    text[static_cast<std::size_t>(3 - digit)] =
        static_cast<char>('0' + (mode.bits >> (3 * digit) & 7));
  }
  return text;
}

void PrintTo(Mode mode, std::ostream* out) { *out << ToString(mode); }

void PrintTo(const Entry& entry, std::ostream* out) {
  *out << ToString(entry.type()) << " " << Printable(entry.path()) << ", mode "
       << ToString(entry.mode()) << ", " << entry.uid() << ":" << entry.gid();
  if (entry.type() == EntryType::kFile) *out << ", " << entry.size() << " bytes";
  if (!entry.link().empty()) *out << ", to " << Printable(entry.link());
}

namespace {

const internal::Owner& OwnerOf(const internal::EntryRecord& record,
                               const internal::LayerTables* tables) {
  static const internal::Owner none;
  return tables == nullptr ? none : tables->owners[record.owner];
}

}  // namespace

std::string_view Entry::stored_name() const {
  const std::string_view kept = ExtraOf(*record_).stored_name;
  if (kept.data() != nullptr) return kept;
  const bool slash = (record_->flags & internal::kTrailingSlash) != 0;
  return {path().data(), path().size() + (slash ? 1 : 0)};
}

std::uint32_t Entry::uid() const { return OwnerOf(*record_, tables_).uid; }
std::uint32_t Entry::gid() const { return OwnerOf(*record_, tables_).gid; }
std::string_view Entry::uname() const { return OwnerOf(*record_, tables_).uname; }
std::string_view Entry::gname() const { return OwnerOf(*record_, tables_).gname; }
std::string_view Entry::link() const { return ExtraOf(*record_).link; }
std::uint32_t Entry::device_major() const { return ExtraOf(*record_).device_major; }
std::uint32_t Entry::device_minor() const { return ExtraOf(*record_).device_minor; }
std::uint32_t Entry::mtime_nanoseconds() const { return ExtraOf(*record_).mtime_nanoseconds; }
bool Entry::sparse() const { return ExtraOf(*record_).sparse; }

std::uint64_t Entry::stored_size() const {
  const EntryExtra extra = ExtraOf(*record_);
  return extra.sparse ? extra.stored_size : size();
}

std::uint64_t Entry::header_offset() const {
  return content_offset() -
         std::min(content_offset(), std::uint64_t{kTarBlock} * ExtraOf(*record_).header_blocks);
}

std::map<std::string, std::string> Entry::pax() const {
  if (tables_ == nullptr) return {};
  return UnpackPax(ExtraOf(*record_).pax, {stored_name(), link(), mtime()}, tables_->pax_keys);
}

std::map<std::string, std::string> Entry::xattrs() const { return DecodeXattrs(pax()); }

void Entry::ReadTo(const std::function<void(std::string_view)>& sink) const {
  if (size() == 0 || tables_ == nullptr) return;
  if (tables_->content == nullptr) throw Error(ErrorCode::kNotFound, "the layer has no content");
  tables_->content->ReadContent(*this, sink);
}

std::string Entry::Read(std::uint64_t limit) const {
  if (size() > limit) {
    throw Error(ErrorCode::kLimitExceeded, Printable(path()) + " has " + std::to_string(size()) +
                                               " bytes, more than " + std::to_string(limit));
  }
  std::string bytes;
  ReadTo([&bytes](std::string_view piece) { bytes += piece; });
  return bytes;
}

}  // namespace watertight
