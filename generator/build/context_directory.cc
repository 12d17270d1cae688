#include "generator/build/context_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <map>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "generator/build/tree_paths.h"
#include "generator/error.h"

namespace watertight::generator {
namespace {

[[noreturn]] void Fail(const std::string& path) {
  throw Error(path + ": " + ErrnoText(static_cast<std::errc>(errno)));
}

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

std::vector<std::string> NamesIn(int descriptor, const std::string& path) {
  const int copy = dup(descriptor);
  DIR* const raw = copy < 0 ? nullptr : fdopendir(copy);
  if (raw == nullptr) Fail(path);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(raw, closedir);
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  if (errno != 0) Fail(path);
  std::ranges::sort(names);
  return names;
}

// What layers may keep: file capabilities, and for some builders a user's own.
std::map<std::string, std::string> ExtendedAttributes(const std::string& path) {
  std::array<char, 4096> list;
  const ssize_t length = llistxattr(path.c_str(), list.data(), list.size());
  std::map<std::string, std::string> found;
  for (ssize_t begin = 0; begin < length;) {
    const std::string name = list.data() + begin;
    begin += static_cast<ssize_t>(name.size()) + 1;
    if (name != "security.capability" && !name.starts_with("user.")) continue;
    std::string value(65536, '\0');
    const ssize_t size = lgetxattr(path.c_str(), name.c_str(), value.data(), value.size());
    if (size < 0) continue;
    value.resize(static_cast<size_t>(size));
    found[name] = value;
  }
  return found;
}

std::string LinkTarget(int directory, const std::string& name, const std::string& path) {
  std::string target(PATH_MAX, '\0');
  const ssize_t length = readlinkat(directory, name.c_str(), target.data(), target.size());
  if (length < 0) Fail(path);
  target.resize(static_cast<size_t>(length));
  return target;
}

std::optional<FileType> TypeOf(mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return FileType::kRegular;
    case S_IFDIR:
      return FileType::kDirectory;
    case S_IFLNK:
      return FileType::kSymlink;
    case S_IFIFO:
      return FileType::kFifo;
    case S_IFCHR:
      return FileType::kCharDevice;
    case S_IFBLK:
      return FileType::kBlockDevice;
    default:
      return std::nullopt;  // a socket, which no client sends
  }
}

constexpr long kHalfSecond = 500'000'000;  // in nanoseconds

class Reader {
 public:
  Reader(std::string root, std::int64_t clock, Fractions fractions, ContextFilter& filter)
      : root_(std::move(root)), clock_(clock), fractions_(fractions), filter_(filter) {}

  void Read(int directory, const std::string& path) {
    for (const std::string& name : NamesIn(directory, OnDisk(path))) {
      ReadEntry(directory, name, path.empty() ? name : path + "/" + name);
    }
  }

 private:
  std::string OnDisk(const std::string& path) const {
    return path.empty() ? root_ : root_ + "/" + path;
  }

  void ReadEntry(int directory, const std::string& name, const std::string& path) {
    struct stat status = {};
    if (fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) Fail(OnDisk(path));
    const std::optional<FileType> type = TypeOf(status.st_mode);
    if (!type) return;
    const bool hidden = filter_.Hides(path);
    if (*type == FileType::kDirectory) {
      if (hidden && !filter_.MayHoldVisible(path)) return;
      filter_.Add(path, NodeOf(directory, name, path, *type, status));
      const Descriptor below(
          openat(directory, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (below.number() < 0) Fail(OnDisk(path));
      Read(below.number(), path);
    } else if (!hidden) {
      AddFile(path, status, NodeOf(directory, name, path, *type, status));
    }
  }

  void AddFile(const std::string& path, const struct stat& status, const Inode& node) {
    if (status.st_nlink > 1) {
      const auto [link, first] = links_.try_emplace({status.st_dev, status.st_ino}, path);
      if (!first) {
        filter_.AddLink(link->second, path);
        return;
      }
    }
    filter_.Add(path, node);
  }

  std::int64_t TimeOf(const struct stat& status) const {
    const bool up = fractions_ == Fractions::kRounded && status.st_mtim.tv_nsec >= kHalfSecond;
    return status.st_mtim.tv_sec + (up ? 1 : 0);
  }

  Inode NodeOf(int directory, const std::string& name, const std::string& path, FileType type,
               const struct stat& status) const {
    Inode node;
    node.type = type;
    node.attributes.mode = status.st_mode & 07777;
    node.attributes.mtime = std::min(TimeOf(status), clock_);
    if (type == FileType::kSymlink) {
      node.attributes.mode = 0777;
      node.link = LinkTarget(directory, name, OnDisk(path));
      return node;
    }
    node.attributes.xattrs = ExtendedAttributes(OnDisk(path));
    if (type == FileType::kRegular) {
      if (faccessat(directory, name.c_str(), R_OK, AT_EACCESS) != 0) Fail(OnDisk(path));
      node.content.AppendFile(OnDisk(path), 0, static_cast<std::uint64_t>(status.st_size));
    }
    node.device_major = major(status.st_rdev);
    node.device_minor = minor(status.st_rdev);
    return node;
  }

  std::string root_;
  std::int64_t clock_;
  Fractions fractions_;
  ContextFilter& filter_;
  std::map<std::pair<dev_t, ino_t>, std::string> links_;
};

}  // namespace

void AddDirectory(const std::string& directory, std::int64_t clock, Fractions fractions,
                  ContextFilter& filter) {
  const Descriptor root(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root.number() < 0) Fail(directory);
  Reader(directory, clock, fractions, filter).Read(root.number(), "");
}

std::optional<std::string> ReadDiskFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    Fail(path);
  }
  struct stat status = {};
  if (fstat(file.number(), &status) != 0) Fail(path);
  if (S_ISDIR(status.st_mode)) return std::nullopt;
  std::string text;
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t count = read(file.number(), buffer.data(), buffer.size());
    if (count < 0) Fail(path);
    if (count == 0) return text;
    text.append(buffer.data(), static_cast<size_t>(count));
  }
}

}  // namespace watertight::generator
