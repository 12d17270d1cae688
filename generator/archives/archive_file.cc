#include "generator/archives/archive_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "generator/error.h"

namespace watertight::generator {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferSize = 1 << 18;
constexpr char kTemporary[] = ".watertight-XXXXXX";  // beside the file: a rename must be one step

[[noreturn]] void Fail(const std::string& path, const std::string& cause) {
  throw Error(cause).In(path);
}

[[noreturn]] void FailWithErrno(const std::string& path) { Fail(path, std::strerror(errno)); }

// Asked once: it can only be read by changing it for a moment, for all threads.
mode_t Umask() {
  static const mode_t kept = [] {
    const mode_t mask = umask(0);
    umask(mask);
    return mask;
  }();
  return kept;
}

// Writes to a descriptor in large pieces. path: for errors.
class PieceWriter {
 public:
  PieceWriter(int descriptor, std::string path) : path_(std::move(path)), descriptor_(descriptor) {}

  void Write(std::string_view bytes) {
    if (buffer_.size() + bytes.size() <= kBufferSize) {
      buffer_ += bytes;
      return;
    }
    Flush();
    WriteAll(bytes);
  }

  void Flush() {
    WriteAll(buffer_);
    buffer_.clear();
  }

  // For so many bytes as will be written.
  void Reserve(std::uint64_t size) { buffer_.reserve(std::min<std::uint64_t>(size, kBufferSize)); }

 private:
  void WriteAll(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) FailWithErrno(path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  std::string path_;
  int descriptor_;
  std::string buffer_;
};

void WriteRope(int descriptor, const std::string& path, const Rope& bytes) {
  PieceWriter writer(descriptor, path);
  writer.Reserve(bytes.size());
  bytes.Read([&](std::string_view part) { writer.Write(part); });
  writer.Flush();
}

// A file that is gone again unless it was kept. With a mode it may not be seen before it is whole,
// so it has a temporary name beside its own until then; without one the umask gives the mode.
class NewFile {
 public:
  NewFile(std::string path, std::optional<mode_t> mode)
      : path_(std::move(path)), temporary_(path_), mode_(mode) {
    if (mode_) {
      temporary_ = (fs::path(path_).parent_path() / kTemporary).string();
      descriptor_ = mkostemp(temporary_.data(), O_CLOEXEC);
    } else {
      descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    }
    if (descriptor_ < 0) FailWithErrno(path_);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  ~NewFile() {
    if (descriptor_ >= 0) close(descriptor_);
    if (!kept_) unlink(temporary_.c_str());
  }

  int descriptor() const { return descriptor_; }

  void Keep() {
    if (mode_ && fchmod(descriptor_, *mode_) != 0) FailWithErrno(path_);
    const int closed = close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) FailWithErrno(path_);
    if (temporary_ != path_ && rename(temporary_.c_str(), path_.c_str()) != 0) FailWithErrno(path_);
    kept_ = true;
  }

 private:
  std::string path_;
  std::string temporary_;
  std::optional<mode_t> mode_;
  int descriptor_ = -1;
  bool kept_ = false;
};

// What a name leads to through symbolic links, the last of which may lead nowhere yet.
struct Place {
  std::string path;
  int descriptor = -1;  // that this process has open: /dev/stdout, /dev/fd/3
};

int DescriptorOf(const fs::path& folder, const std::string& name) {
  const std::string own = "/proc/" + std::to_string(getpid()) + "/fd";
  if (folder != own && folder != "/dev/fd") return -1;
  int number = -1;
  const char* const end = name.data() + name.size();
  const auto read = std::from_chars(name.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? number : -1;
}

Place PlaceOf(const std::string& path) {
  constexpr int kMostLinks = 40;  // as in the kernel
  std::error_code error;
  fs::path at = path;
  for (int i = 0; i < kMostLinks; ++i) {
    const fs::path folder = fs::canonical(at.has_parent_path() ? at.parent_path() : ".", error);
    if (error) return {path, -1};
    const int descriptor = DescriptorOf(folder, at.filename().string());
    if (descriptor >= 0) return {at.string(), descriptor};
    const fs::path target = fs::read_symlink(at, error);
    if (error) return {i == 0 ? path : at.string(), -1};
    at = folder / target;
  }
  return {path, -1};
}

// Into what is no file to be replaced: a pipe, a device, a descriptor that is open.
void WriteInto(const Place& place, const std::string& path, const Rope& bytes) {
  if (place.descriptor >= 0) return WriteRope(place.descriptor, path, bytes);
  const int descriptor = open(place.path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) FailWithErrno(path);
  try {
    WriteRope(descriptor, path, bytes);
  } catch (...) {
    close(descriptor);
    throw;
  }
  if (close(descriptor) != 0) FailWithErrno(path);
}

void WriteFileTo(const std::string& path, const Rope& bytes, std::optional<mode_t> mode) {
  NewFile file(path, mode);
  WriteRope(file.descriptor(), path, bytes);
  file.Keep();
}

bool IsReplaceableFolder(const fs::path& folder) {
  return fs::is_empty(folder) || fs::exists(folder / "oci-layout");
}

// The folder is filled in a temporary one beside it; an old one steps aside until the new one
// stands.
void ReplaceFolder(const std::string& path, const Archive& archive) {
  std::error_code error;
  const fs::path found = fs::canonical(path, error);
  std::string target = (error ? fs::path(path) : found).lexically_normal().string();
  while (target.size() > 1 && target.back() == '/') target.pop_back();
  std::string temporary = (fs::path(target).parent_path() / kTemporary).string();
  if (mkdtemp(temporary.data()) == nullptr) FailWithErrno(path);
  const std::string filled = temporary + "/new";
  const std::string old = temporary + "/old";
  try {
    fs::create_directory(filled);
    for (const TarEntry& entry : archive.entries) {
      const std::string name = filled + "/" + entry.name;
      if (entry.type == '5') {
        fs::create_directories(name);
      } else {
        WriteNewFile(name, entry.content);
      }
    }
    if (fs::exists(target)) fs::rename(target, old);
    fs::rename(filled, target);
    fs::remove_all(temporary);
  } catch (...) {
    std::error_code ignored;
    if (fs::exists(old, ignored)) fs::rename(old, target, ignored);
    if (!ignored) fs::remove_all(temporary, ignored);
    throw;
  }
}

}  // namespace

void ReplaceFile(const std::string& path, const Rope& bytes) {
  if (path.empty()) Fail("output", "has no name");
  const Place place = PlaceOf(path);
  struct stat status {};
  mode_t mode = 0666 & ~Umask();
  if (stat(path.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) Fail(path, "is a folder; name a file");
    if (place.descriptor >= 0 || !S_ISREG(status.st_mode)) return WriteInto(place, path, bytes);
    mode = status.st_mode & 07777;
  }
  WriteFileTo(place.path, bytes, mode);
}

void WriteNewFile(const std::string& path, const Rope& bytes) {
  WriteFileTo(path, bytes, std::nullopt);
}

void SaveArchive(const std::string& path, const Archive& archive) {
  if (!archive.is_directory) return ReplaceFile(path, ToTar(archive));
  try {
    if (fs::exists(path)) {
      if (!fs::is_directory(path)) Fail(path, "is no folder; an OCI layout is one");
      if (!IsReplaceableFolder(path)) Fail(path, "is neither empty nor an OCI layout");
    }
    ReplaceFolder(path, archive);
  } catch (const fs::filesystem_error& error) {
    Fail(path, error.code().message());
  }
}

}  // namespace watertight::generator
