#include "framework/image/entry_table.h"

#include <array>
#include <optional>
#include <utility>

#include "framework/image/path.h"
#include "framework/image/tar_fields.h"

namespace watertight {
namespace {

constexpr std::string_view kWhiteoutPrefix = ".wh.";
constexpr std::string_view kOpaqueName = ".wh..wh..opq";

EntryType TypeOf(char type) {
  constexpr std::array<EntryType, 6> kTypes = {EntryType::kHardlink,   EntryType::kSymlink,
                                               EntryType::kCharDevice, EntryType::kBlockDevice,
                                               EntryType::kDirectory,  EntryType::kFifo};
  return type >= '1' && type <= '6' ? kTypes[static_cast<std::size_t>(type - '1')]
                                    : EntryType::kFile;
}

std::string Joined(std::string_view parent, std::string_view name) {
  if (parent.empty()) return std::string(name);
  return std::string(parent) + "/" + std::string(name);
}

constexpr std::size_t kMostNotes = 20;     // of one code in one layer
constexpr std::size_t kMostOwners = 4096;  // that are looked for again; no real layer has more

}  // namespace

EntryTable::EntryTable() : tables_(std::make_unique<internal::LayerTables>()) {}

// What a name means.
struct EntryTable::Meaning {
  std::string path;
  std::optional<EntryType> marker;
  std::uint8_t flags = 0;
  bool renamed = false;
};

EntryTable::Meaning EntryTable::MeaningOf(const std::string& stored) {
  CleanedName cleaned = CleanName(stored);
  Meaning meaning;
  if (cleaned.escapes_root) {
    meaning.flags |= internal::kEscapesRoot;
    Report("ambiguous-path", cleaned.path,
           "the name " + Printable(stored) + " leaves the root; it is kept inside");
  }
  const auto [parent, name] = SplitParent(cleaned.path);
  if (name == kOpaqueName) {
    meaning.marker = EntryType::kOpaque;
    cleaned.path = std::string(parent);
    meaning.renamed = true;
  } else if (name.starts_with(kWhiteoutPrefix)) {
    meaning.marker = EntryType::kWhiteout;
    const std::string_view target = name.substr(kWhiteoutPrefix.size());
    if (target.empty() || target == "." || target == "..") {
      meaning.flags |= internal::kNamesNothing;
      Report("invalid-whiteout", cleaned.path,
             "the whiteout " + Printable(stored) + " names nothing; it removes nothing");
    } else {
      cleaned.path = Joined(parent, target);
      meaning.renamed = true;
    }
  }
  meaning.path = std::move(cleaned.path);
  return meaning;
}

void EntryTable::Add(const TarEntry& tar) {
  Meaning meaning = MeaningOf(tar.name);
  const std::string& path = meaning.path;
  const bool slash = !meaning.renamed && !path.empty() && tar.name.size() == path.size() + 1 &&
                     tar.name.back() == '/';
  internal::EntryRecord record;
  record.type = meaning.marker.value_or(TypeOf(tar.type));
  record.flags = meaning.flags;
  if (slash) record.flags |= internal::kTrailingSlash;
  record.mode = tar.mode;
  record.owner = OwnerIndex(tar);
  record.mtime = tar.mtime;
  if (record.type == EntryType::kFile || meaning.marker) record.size = tar.size;
  record.content_block = static_cast<std::uint32_t>(tar.content_offset / kTarBlock);

  EntryExtra extra;
  extra.link = tar.link;
  if (meaning.renamed || (!slash && tar.name != path)) extra.stored_name = tar.name;
  packed_pax_.clear();
  PackPax(tar.pax, {tar.name, tar.link, tar.mtime}, &tables_->pax_keys, &packed_pax_);
  extra.pax = packed_pax_;
  extra.mtime_nanoseconds = tar.mtime_nanoseconds;
  extra.device_major = tar.device_major;
  extra.device_minor = tar.device_minor;
  extra.stored_size = tar.stored_size;
  extra.sparse = tar.sparse;
  extra.header_blocks = (tar.content_offset - tar.header_offset) / kTarBlock;

  Entry entry;
  entry.record_ = MakeRecord(record, path, extra, &tables_->arena);
  entry.tables_ = tables_.get();
  entries_.push_back(entry);
}

void EntryTable::Report(const char* code, const std::string& path, const std::string& text) {
  if (++note_counts_[code] > kMostNotes) return;
  notes_.push_back({code, std::nullopt, path, text});
}

void EntryTable::Finish() {
  for (const auto& [code, count] : note_counts_) {
    if (count <= kMostNotes) continue;
    notes_.push_back(
        {code, std::nullopt, "", std::to_string(count - kMostNotes) + " more of this kind"});
  }
}

std::uint32_t EntryTable::OwnerIndex(const TarEntry& tar) {
  std::vector<internal::Owner>& owners = tables_->owners;
  if (owners[last_owner_] == internal::Owner{tar.uid, tar.gid, tar.uname, tar.gname}) {
    return last_owner_;
  }
  std::uint32_t* known = nullptr;
  if (owner_index_.size() < kMostOwners) {
    const std::string key = std::to_string(tar.uid) + ":" + std::to_string(tar.gid) + ":" +
                            tar.uname + std::string(1, '\0') + tar.gname;
    const auto [it, fresh] = owner_index_.try_emplace(key, 0);
    if (!fresh) return last_owner_ = it->second;
    known = &it->second;
  }
  last_owner_ = static_cast<std::uint32_t>(owners.size());
  if (known != nullptr) *known = last_owner_;
  owners.push_back(
      {tar.uid, tar.gid, tables_->arena.Copy(tar.uname), tables_->arena.Copy(tar.gname)});
  return last_owner_;
}

Entry EntryTable::Directory(std::string_view path, Arena* arena) {
  internal::EntryRecord record;
  record.type = EntryType::kDirectory;
  record.mode = 0755;
  Entry entry;
  entry.record_ = MakeRecord(record, path, EntryExtra(), arena);
  return entry;
}

Entry EntryTable::Renamed(const Entry& entry, std::string_view path, Arena* arena) {
  EntryExtra extra = ExtraOf(*entry.record_);
  extra.stored_name = entry.stored_name();
  internal::EntryRecord record = *entry.record_;
  record.flags = static_cast<std::uint8_t>(record.flags & ~internal::kTrailingSlash);
  Entry renamed = entry;
  renamed.record_ = MakeRecord(record, path, extra, arena);
  return renamed;
}

}  // namespace watertight
