// Writes tars, for layers and for archives alike, byte for byte as the tools write them: Go's
// archive/tar (Docker, BuildKit, containerd, buildah, crane), GNU tar, and Python's tarfile. It
// refuses nothing: names may be hostile, entries repeat, sizes lie, fields be overwritten.
//
//   TarEntry entry;
//   entry.name = "app/secret.txt";
//   entry.content = Rope("hunter2\n");
//   const Rope layer = WriteTar({entry}, {});
//
// Layout of a header block (POSIX ustar, offsets): name 0, mode 100, uid 108, gid 116, size 124,
// mtime 136, checksum 148, type 156, linkname 157, magic 257, version 263, uname 265, gname 297,
// devmajor 329, devminor 337, prefix 345.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "generator/archives/rope.h"

namespace watertight::generator {

// Bytes put over a finished header; the checksum is computed after them, unless they cover it.
struct HeaderPatch {
  std::size_t offset = 0;
  std::string bytes;
};

struct TarEntry {
  std::string name;           // a directory's ends with a slash
  char type = '0';            // '0' file, '1' hard link, '2' symlink, '3' char, '4' block,
                              // '5' directory, '6' fifo
  std::uint32_t mode = 0644;  // as written, so with file type bits where the tool has them
  std::int64_t uid = 0;
  std::int64_t gid = 0;
  std::string uname;
  std::string gname;
  std::int64_t mtime = 0;  // seconds; a fraction is a PAX record of its own
  std::string link;
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::map<std::string, std::string> pax;  // more records: "SCHILY.xattr.security.capability"
  bool prefix = true;                      // a name may use the prefix field
  Rope content;

  // What no library agrees to write.
  std::optional<std::uint64_t> claimed_size;  // in the header, whatever `content` holds
  std::vector<HeaderPatch> patches;
};

enum class TarForm {
  kGo,      // ustar where it fits, else PAX records; a name may use the prefix field
  kGnu,     // magic "ustar  ", long names as entries of type L and K, base-256 numbers
  kGoGnu,   // the same as Go writes it again: L before K, nobody's, device fields everywhere
  kPython,  // PAX as tarfile writes it for ASCII names: empty device fields, "././@PaxHeader"
};

struct TarOptions {
  TarForm form = TarForm::kGo;
  std::uint64_t record_size = 1024;  // the end is padded to a multiple of it: 1024 = two blocks
  bool end_blocks = true;
};

// Leaves a mark in the rope for each entry.
void AppendTarEntry(Rope& tar, const TarEntry& entry, TarForm form);
// `tar` holds whole entries. Adds the two zero blocks and the padding.
void AppendTarEnd(Rope& tar, const TarOptions& options);
Rope WriteTar(const std::vector<TarEntry>& entries, const TarOptions& options);

// `mode` with the file type bits that Go wrote before 1.9 and Docker kept until 23.0.
std::uint32_t WithTypeBits(char type, std::uint32_t mode);

}  // namespace watertight::generator
