#include "generator/build/commands/files.h"

namespace watertight::generator::commands {
namespace {

struct Type {
  FileType type;
  char letter;
  std::uint32_t bits;
  const char* name;
};

constexpr Type kTypes[] = {
    {FileType::kRegular, '-', 0100000, "regular file"},
    {FileType::kDirectory, 'd', 0040000, "directory"},
    {FileType::kSymlink, 'l', 0120000, "symbolic link"},
    {FileType::kCharDevice, 'c', 0020000, "character special file"},
    {FileType::kBlockDevice, 'b', 0060000, "block special file"},
    {FileType::kFifo, 'p', 0010000, "fifo"},
};

const Type& TypeOf(const Inode& inode) {
  for (const Type& row : kTypes) {
    if (row.type == inode.type) return row;
  }
  return kTypes[0];
}

char Execute(std::uint32_t mode, std::uint32_t execute, std::uint32_t special, char letter) {
  const bool executes = (mode & execute) != 0;
  if ((mode & special) == 0) return executes ? 'x' : '-';
  return executes ? letter : static_cast<char>(letter - 'a' + 'A');
}

}  // namespace

std::string ModeLetters(std::uint32_t mode) {
  std::string letters;
  for (int shift = 6; shift >= 0; shift -= 3) {
    const std::uint32_t bits = mode >> shift;
    letters += (bits & 4) != 0 ? 'r' : '-';
    letters += (bits & 2) != 0 ? 'w' : '-';
    const std::uint32_t special = shift == 6 ? 04000 : shift == 3 ? 02000 : 01000;
    letters += Execute(mode, 1U << shift, special, shift == 0 ? 't' : 's');
  }
  return letters;
}

std::string TypeAndMode(const Inode& inode) {
  const std::uint32_t mode = inode.is_symlink() ? 0777 : inode.attributes.mode;
  return TypeOf(inode).letter + ModeLetters(mode);
}

std::string TypeName(const Inode& inode) {
  if (inode.is_regular() && inode.content.empty()) return "regular empty file";
  return TypeOf(inode).name;
}

std::uint32_t FullMode(const Inode& inode) {
  return TypeOf(inode).bits | (inode.is_symlink() ? 0777 : inode.attributes.mode);
}

std::int64_t LinkCount(const FileTree& tree, InodeNumber number) {
  const Inode& inode = tree.Get(number);
  std::int64_t count = 0;
  if (inode.is_directory()) {
    count = 2;
    for (const auto& [name, entry] : inode.names) {
      if (tree.Get(entry.inode).is_directory()) ++count;
    }
    return count;
  }
  tree.Walk("", [&](const std::string&, const Inode&, InodeNumber other) {
    if (other == number) ++count;
  });
  return count;
}

std::uint64_t SizeOf(const Inode& inode) {
  if (inode.is_directory()) return 4096;
  return inode.is_symlink() ? inode.link.size() : inode.content.size();
}

}  // namespace watertight::generator::commands
