#include "watertight/entry.h"

#include <algorithm>

#include "framework/image/entry_table.h"
#include "framework/image/path.h"
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

const EntryExtra& Entry::extra() const {
  static const EntryExtra none;
  return extra_ == 0 || tables_ == nullptr ? none : tables_->extras[extra_];
}

std::string_view Entry::stored_name() const {
  if (!extra().stored_name.empty()) return extra().stored_name;
  const bool slash = (flags_ & internal::kTrailingSlash) != 0;
  return {path_, path_size_ + (slash ? std::size_t{1} : 0)};
}

std::string_view Entry::uname() const {
  return tables_ == nullptr ? std::string_view() : tables_->owners[uname_];
}

std::string_view Entry::gname() const {
  return tables_ == nullptr ? std::string_view() : tables_->owners[gname_];
}

std::uint64_t Entry::header_offset() const {
  constexpr std::uint64_t kHeader = 512;
  return extra_ == 0 ? content_offset_ - std::min(content_offset_, kHeader) : extra().header_offset;
}

void Entry::ReadTo(const std::function<void(std::string_view)>& sink) const {
  if (size_ == 0 || tables_ == nullptr) return;
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
