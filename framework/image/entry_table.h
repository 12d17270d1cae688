// The entries of one layer, and what they share.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "framework/image/arena.h"
#include "framework/image/entry_record.h"
#include "framework/image/kept_contents.h"
#include "framework/image/tar_entry.h"
#include "watertight/entry.h"
#include "watertight/note.h"

namespace watertight {

// Reads content of a layer; given to the table so that Entry::Read works.
class ContentReader {
 public:
  virtual ~ContentReader() = default;
  virtual void ReadContent(const Entry& entry,
                           const std::function<void(std::string_view)>& sink) const = 0;
};

namespace internal {

struct Owner {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::string_view uname = {};  // bytes of the arena
  std::string_view gname = {};

  friend bool operator==(const Owner&, const Owner&) = default;
};

struct LayerTables {
  Arena arena;
  std::vector<Owner> owners{1};  // [0] is root without a name
  PaxKeys pax_keys;
  std::unique_ptr<ContentReader> content;  // null in tests that never read
  std::unique_ptr<KeptContents> kept;      // null unless somebody keeps contents
};

}  // namespace internal

// Builds the index of one layer. The finished entries point into tables(), which must outlive them.
class EntryTable {
 public:
  EntryTable();

  // Cleans the name, recognises whiteouts, and appends. Notes what is odd about the entry alone.
  void Add(const TarEntry& tar);
  // After the last entry: how many notes of a kind were left out.
  void Finish();

  std::vector<Entry>& entries() { return entries_; }
  std::vector<Note>& notes() { return notes_; }
  std::unique_ptr<internal::LayerTables>& tables() { return tables_; }

  // An entry of its own path that is in no tar: the directory that the rootfs makes for a missing
  // parent.
  static Entry Directory(std::string_view path, Arena* arena);
  // A copy of entry under another path.
  static Entry Renamed(const Entry& entry, std::string_view path, Arena* arena);
  static std::uint8_t Flags(const Entry& entry) { return entry.record_->flags; }
  // Null unless contents of the entry's layer are kept.
  static KeptContents* Kept(const Entry& entry) {
    return entry.tables_ == nullptr ? nullptr : entry.tables_->kept.get();
  }

 private:
  struct Meaning;

  Meaning MeaningOf(const std::string& stored);
  std::uint32_t OwnerIndex(const TarEntry& tar);
  void Report(const char* code, const std::string& path, const std::string& text);

  std::unique_ptr<internal::LayerTables> tables_;
  std::unordered_map<std::string, std::uint32_t> owner_index_;
  std::uint32_t last_owner_ = 0;
  std::vector<Entry> entries_;
  std::vector<Note> notes_;
  std::map<std::string, std::size_t> note_counts_;
  std::string packed_pax_;
};

}  // namespace watertight
