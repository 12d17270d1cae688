// Puts the entries of a tar into a directory of a tree, as Docker does it in a process whose root
// is that directory: whatever stands where an entry goes is replaced, unless both are directories;
// names and links cannot lead out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/build/file_tree.h"
#include "generator/build/ownership.h"

namespace watertight::generator {

struct UnpackedEntry {
  std::string name;
  char type = '0';  // as in the header; '1' is a hard link
  Attributes attributes;
  std::string link;
  Rope content;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
};

class Untar {
 public:
  // The directory is made when it is missing. Requires: `directory` comes from RootPath.
  Untar(FileTree& tree, std::string directory, std::optional<Ownership> owner = {});

  // Throws: Error.
  void Put(const UnpackedEntry& entry);
  // Gives the directories their times.
  void Finish();

 private:
  void Create(const UnpackedEntry& entry, const std::string& name, const std::string& path);
  void SetAttributes(const UnpackedEntry& entry, const std::string& path);

  FileTree& tree_;
  std::string directory_;
  std::optional<Ownership> owner_;
  std::vector<std::pair<std::string, std::int64_t>> times_;
};

// What a copy of a directory by way of a tar does. Requires: as for Untar.
void CopyByTar(const FileTree& from, const std::string& source, FileTree& to,
               const std::string& directory);

}  // namespace watertight::generator
