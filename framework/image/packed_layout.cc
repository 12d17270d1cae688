#include "framework/image/packed_layout.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight {

SharedBytes OpenFile(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat status = {};
  if (descriptor < 0 || fstat(descriptor, &status) != 0) {
    const std::string reason = strerror(errno);
    if (descriptor >= 0) close(descriptor);
    throw Error(ErrorCode::kIo, Printable(path) + " cannot be read: " + reason);
  }
  return OpenFileBytes(descriptor, static_cast<std::uint64_t>(status.st_size), Printable(path));
}

void PackedLayout::AddFile(const std::string& name, const std::string& path, Commands commands) {
  const std::uint64_t begin = spool_.size();
  const SharedBytes bytes = OpenFile(path);
  std::vector<char> buffer(std::size_t{1} << 20);
  for (std::uint64_t at = 0; at < bytes->size();) {
    const std::size_t got = bytes->ReadAt(at, buffer.data(), buffer.size());
    if (got == 0) break;
    spool_.Write({buffer.data(), got});
    at += got;
  }
  unlink(path.c_str());
  files_.push_back({name, begin, spool_.size() - begin, std::move(commands)});
}

void PackedLayout::AddText(const std::string& name, const std::string& text, Commands commands) {
  files_.push_back({name, spool_.size(), text.size(), std::move(commands)});
  spool_.Write(text);
}

Archive PackedLayout::Finish() {
  Archive archive;
  archive.directory = true;
  const SharedBytes all = spool_.Finish();
  for (Packed& file : files_) {
    Member member;
    member.spelled = file.name;
    member.bytes = PartOf(all, file.begin, file.size);
    member.commands = std::move(file.commands);
    archive.members[file.name] = std::move(member);
  }
  return archive;
}

}  // namespace watertight
