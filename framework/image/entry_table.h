// The entries of one layer, packed: a layer may hold a million of them, and the index of an image
// must stay near 200 bytes each. Names live in an arena; what few entries have (links, PAX, xattrs)
// in a side table.

#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "framework/image/tar_entry.h"
#include "watertight/entry.h"
#include "watertight/note.h"

namespace watertight {

// Bytes that never move.
class Arena {
 public:
  std::string_view Copy(std::string_view bytes);

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::size_t used_ = 0;
  std::size_t capacity_ = 0;
};

// Reads content of a layer; given to the table so that Entry::Read works.
class ContentReader {
 public:
  virtual ~ContentReader() = default;
  virtual void ReadContent(const Entry& entry,
                           const std::function<void(std::string_view)>& sink) const = 0;
};

namespace internal {

enum EntryFlag : std::uint8_t {
  kTrailingSlash = 1,  // stored_name() is path() and a slash
  kNamesNothing = 2,   // a whiteout without a real name: ".wh.", ".wh..", ".wh..."
  kEscapesRoot = 4,    // its name has a ".." too many
};

struct LayerTables {
  Arena arena;
  std::deque<EntryExtra> extras{1};        // [0] is what an entry without extras has
  std::vector<std::string> owners{1};      // [0] is the empty name
  std::unique_ptr<ContentReader> content;  // null in tests that never read
};

}  // namespace internal

// Builds the index of one layer. The finished entries point into tables(), which must outlive them.
class EntryTable {
 public:
  EntryTable();

  // Cleans the name, recognises whiteouts, and appends. Notes what is odd about the entry alone.
  void Add(const TarEntry& tar);

  std::vector<Entry>& entries() { return entries_; }
  std::vector<Note>& notes() { return notes_; }
  std::unique_ptr<internal::LayerTables>& tables() { return tables_; }

  // An entry of its own path that is in no tar: the directory that the rootfs makes for a missing
  // parent.
  static Entry Directory(std::string_view path, const internal::LayerTables* tables);
  // A copy of entry under another path; the bytes of path must outlive it.
  static Entry Renamed(const Entry& entry, std::string_view path);
  static std::uint8_t Flags(const Entry& entry) { return entry.flags_; }

 private:
  std::uint16_t Owner(const std::string& name);

  std::unique_ptr<internal::LayerTables> tables_;
  std::unordered_map<std::string, std::uint16_t> owner_index_;
  std::vector<Entry> entries_;
  std::vector<Note> notes_;
};

}  // namespace watertight
