#include "framework/image/entry_record.h"

#include <algorithm>
#include <new>

#include "framework/image/varint.h"

namespace watertight {
namespace {

using internal::EntryRecord;

enum ExtraField : unsigned {
  kLink = 1,
  kStoredName = 2,
  kPax = 4,
  kNanoseconds = 8,
  kDevice = 16,
  kSparse = 32,
  kHeaderBlocks = 64,
};

unsigned FieldsOf(const EntryExtra& extra) {
  unsigned fields = 0;
  if (!extra.link.empty()) fields |= kLink;
  if (extra.stored_name.data() != nullptr) fields |= kStoredName;
  if (!extra.pax.empty()) fields |= kPax;
  if (extra.mtime_nanoseconds != 0) fields |= kNanoseconds;
  if (extra.device_major != 0 || extra.device_minor != 0) fields |= kDevice;
  if (extra.sparse) fields |= kSparse;
  if (extra.header_blocks != 1) fields |= kHeaderBlocks;
  return fields;
}

std::string Packed(const EntryExtra& extra, unsigned fields) {
  std::string packed(1, static_cast<char>(fields));
  if ((fields & kLink) != 0) PutText(extra.link, &packed);
  if ((fields & kStoredName) != 0) PutText(extra.stored_name, &packed);
  if ((fields & kPax) != 0) PutText(extra.pax, &packed);
  if ((fields & kNanoseconds) != 0) PutVarint(extra.mtime_nanoseconds, &packed);
  if ((fields & kDevice) != 0) {
    PutVarint(extra.device_major, &packed);
    PutVarint(extra.device_minor, &packed);
  }
  if ((fields & kSparse) != 0) PutVarint(extra.stored_size, &packed);
  if ((fields & kHeaderBlocks) != 0) PutVarint(extra.header_blocks, &packed);
  return packed;
}

}  // namespace

const EntryRecord* MakeRecord(EntryRecord fixed, std::string_view path, const EntryExtra& extra,
                              Arena* arena) {
  const unsigned fields = FieldsOf(extra);
  std::string packed;
  if (fields != 0) packed = Packed(extra, fields);
  fixed.path_size = static_cast<std::uint32_t>(path.size());
  fixed.flags = static_cast<std::uint8_t>(fixed.flags & ~internal::kHasExtra);
  if (fields != 0) fixed.flags |= internal::kHasExtra;
  const std::size_t slash = (fixed.flags & internal::kTrailingSlash) != 0 ? 1 : 0;
  char* at = arena->Allocate(sizeof(EntryRecord) + path.size() + slash + packed.size());
  const auto* record = new (at) EntryRecord(fixed);
  at += sizeof(EntryRecord);
  at = std::copy(path.begin(), path.end(), at);
  if (slash != 0) *at++ = '/';
  std::copy(packed.begin(), packed.end(), at);
  return record;
}

EntryExtra ExtraOf(const EntryRecord& record) {
  EntryExtra extra;
  if ((record.flags & internal::kHasExtra) == 0) return extra;
  const std::string_view path = record.path();
  const char* at = path.data() + path.size();
  if ((record.flags & internal::kTrailingSlash) != 0) ++at;
  const unsigned fields = static_cast<unsigned char>(*at++);
  if ((fields & kLink) != 0) extra.link = TakeText(&at);
  if ((fields & kStoredName) != 0) extra.stored_name = TakeText(&at);
  if ((fields & kPax) != 0) extra.pax = TakeText(&at);
  if ((fields & kNanoseconds) != 0) {
    extra.mtime_nanoseconds = static_cast<std::uint32_t>(TakeVarint(&at));
  }
  if ((fields & kDevice) != 0) {
    extra.device_major = static_cast<std::uint32_t>(TakeVarint(&at));
    extra.device_minor = static_cast<std::uint32_t>(TakeVarint(&at));
  }
  extra.sparse = (fields & kSparse) != 0;
  if (extra.sparse) extra.stored_size = TakeVarint(&at);
  if ((fields & kHeaderBlocks) != 0) extra.header_blocks = TakeVarint(&at);
  return extra;
}

}  // namespace watertight
