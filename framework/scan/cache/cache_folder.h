// A folder of sealed texts, which are found by what they are about.
//
//   FOLDER/key            a format line and the folder's random key, readable by its owner alone
//   FOLDER/entries/NAME   one text each: NAME is a MAC of what it is about, and the text is sealed
//                         with another MAC of that, both by the folder's key
//
// So the names tell nothing, and a text can be read only by who knows what it is about. Entries are
// written under another name first and renamed, so that a process that is killed, or one that runs
// beside it, leaves whole ones. What is damaged counts as not there.

#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace watertight {

class CacheFolder {
 public:
  // Makes the folder where there is none. most_bytes: of all entries; those that were not used for
  // the longest time go. Throws: Error, kIo or kUsage, of one line.
  CacheFolder(std::string path, std::uint64_t most_bytes);

  // Nothing when there is no whole entry. Both are safe from several threads and processes.
  std::optional<std::string> Read(std::string_view about) const;
  // What cannot be written is left out.
  void Write(std::string_view about, std::string_view text);

  // What went wrong first, as one line for a person; empty when nothing did.
  std::string trouble() const;

 private:
  std::string PathOf(std::string_view about) const;
  std::string SealOf(std::string_view about) const;
  void MakeFolders() const;
  // False when the key is damaged.
  bool ReadKey();
  void MakeKey();
  void Put(const std::string& path, std::string_view bytes) const;
  void RemoveOldest();
  void Complain(const std::string& text) const;

  std::string path_;
  std::uint64_t most_bytes_;
  std::string key_;
  std::mutex removing_;
  std::uint64_t written_ = 0;  // since the entries were counted
  bool counted_ = false;
  mutable std::mutex trouble_mutex_;
  mutable std::string trouble_;
};

}  // namespace watertight
