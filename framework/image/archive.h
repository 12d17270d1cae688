// The outer archive or layout directory: its files by cleaned name.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "framework/image/bytes.h"
#include "watertight/image.h"

namespace watertight {

struct Member {
  std::string spelled;  // as the archive spells the name: "./index.json"
  std::string link;     // cleaned target, of a symlink or hard link; else empty
  SharedBytes bytes;    // null for a link
  int occurrence = 1;   // among the entries of this spelling, of which the last one counts
};

struct Archive {
  std::map<std::string, Member> members;  // by cleaned name; directories are left out
  std::vector<Note> notes;
  bool directory = false;

  // The member, links followed inside the archive; null when there is none, or for a loop. name
  // becomes that of the target.
  const Member* Find(std::string* name) const;
};

// path: a file, a directory, or "-" for standard input. Only a pipe, or an archive that is
// compressed as a whole, is copied to an unlinked temporary file (in TMPDIR, else /tmp). Throws:
// Error with what() lacking the archive's name: kNotFound, kIo, kNotAnImage, kTruncated, kCorrupt,
// kLimitExceeded.
Archive OpenArchive(const std::string& path, const Limits& limits);
// The same for an archive in memory.
Archive OpenArchive(SharedBytes bytes, const Limits& limits);

}  // namespace watertight
