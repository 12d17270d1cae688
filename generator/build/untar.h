// Puts the entries of a tar into a directory of a tree, as Docker and buildah do it in a process
// whose root is that directory: whatever stands where an entry goes is replaced, unless both are
// directories; names and links cannot lead out.
#pragma once

#include <cstdint>
#include <map>
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
  std::string uname;
  std::string gname;
  Rope content;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;

  // How the archive had it, for those who write it again.
  bool gnu = false;                        // in GNU's form
  std::map<std::string, std::string> pax;  // the records of its extended header
};

struct UntarOptions {
  std::optional<Ownership> owner = {};  // of everything, whatever the entries say
  Ownership implied_owner = {};         // of directories that no entry brings
  bool top = false;                     // an entry for the directory itself counts
  bool old_times = false;               // times before 1970 stay
};

class Untar {
 public:
  // The directory is made when it is missing. Requires: `directory` comes from RootPath.
  Untar(FileTree& tree, std::string directory, UntarOptions options = {});

  // Throws: Error.
  void Put(const UnpackedEntry& entry);
  // Gives the directories their times.
  void Finish();

 private:
  void Create(const UnpackedEntry& entry, const std::string& name, const std::string& path);
  void SetAttributes(const UnpackedEntry& entry, const std::string& path);
  Attributes ImpliedAttributes() const;
  std::int64_t TimeOf(const UnpackedEntry& entry) const;

  FileTree& tree_;
  std::string directory_;
  UntarOptions options_;
  std::vector<std::pair<std::string, std::int64_t>> times_;
};

// What is below a directory as the entries of a tar; a second name of a file is a hard link. The
// directories that a context only implies are left out.
std::vector<UnpackedEntry> EntriesBelow(const FileTree& files, const std::string& directory);

}  // namespace watertight::generator
