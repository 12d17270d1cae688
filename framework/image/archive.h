// The outer archive or layout directory: its files by cleaned name.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "framework/image/bytes.h"
#include "framework/image/read_progress.h"
#include "watertight/image.h"
#include "watertight/layer.h"

namespace watertight {

struct Member {
  std::string spelled;  // as the archive spells the name: "./index.json"
  std::string link;     // cleaned target, of a symlink or hard link; else empty
  SharedBytes bytes;    // null for a link
  int occurrence = 1;   // among the entries of this spelling, of which the last one counts
  // One after the other they print its bytes, each word by word: {"cat", "app.dir/9d1c…"}. Empty
  // for a file of an archive or folder that the user has.
  std::vector<std::vector<std::string>> commands = {};
};

// Bytes of the archive that are the content of none of its members.
struct Remainder {
  enum class Kind : std::uint8_t {
    kHeader,     // of an entry, with the padding before it
    kShadowed,   // content of an entry whose name a later one has too
    kBehindEnd,  // what follows the last entry: zeros, as a rule
  };
  Kind kind = Kind::kHeader;
  std::string name;  // of a header's entry, cleaned
  std::uint64_t begin = 0;
  std::uint64_t size = 0;
};

struct Archive {
  std::map<std::string, Member> members;  // by cleaned name; directories are left out
  std::vector<Note> notes;
  bool directory = false;
  SharedBytes tar;                               // uncompressed; null for a directory
  Compression compression = Compression::kNone;  // of the archive as a whole
  std::vector<Remainder> remainders;             // by begin
  // What writes the archive to standard output, word by word: {"docker", "save", "app:ci"}. Empty
  // for one that the user has.
  std::vector<std::string> command;

  // The member, links followed inside the archive; null when there is none, or for a loop. name
  // becomes that of the target.
  const Member* Find(std::string* name) const;
};

// path: a file, a directory, or "-" for standard input. Only a pipe, or an archive that is
// compressed as a whole, is copied to an unlinked temporary file (in TMPDIR, else /tmp). Throws:
// Error with what() lacking the archive's name: kNotFound, kIo, kNotAnImage, kTruncated, kCorrupt,
// kLimitExceeded.
Archive OpenArchive(const std::string& path, const Limits& limits,
                    const ProgressReport& progress = nullptr);
// The same for an archive in memory or in a temporary file.
Archive OpenArchive(SharedBytes bytes, const Limits& limits,
                    const ProgressReport& progress = nullptr);

}  // namespace watertight
