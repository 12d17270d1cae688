#include "framework/scan/cache/cache_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <utility>
#include <vector>

#include "framework/image/hash.h"
#include "framework/image/path.h"
#include "framework/scan/cache/packing.h"
#include "framework/scan/cache/seal.h"
#include "watertight/error.h"

namespace watertight {
namespace {

namespace fs = std::filesystem;

// The first line of FOLDER/key, with the number of the format.
constexpr std::string_view kFormat = "watertight cache ";
constexpr std::string_view kVersion = "1";
// Begins the name of what is not finished.
constexpr std::string_view kUnfinished = "new-";
constexpr std::time_t kAbandoned = 3600;  // seconds
constexpr std::uint64_t kBlock = 4096;    // what a file takes at least
constexpr std::uint64_t kLargestText = std::uint64_t{1} << 30;

std::string Reason() { return std::strerror(errno); }

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

// All of a regular file. Nothing, and errno, when there is none; it counts as used then.
std::optional<std::string> ReadFile(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat status = {};
  if (file.number() < 0 || fstat(file.number(), &status) != 0) return std::nullopt;
  errno = EISDIR;
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  std::string bytes(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = read(file.number(), bytes.data() + done, bytes.size() - done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  bytes.resize(done);
  futimens(file.number(), nullptr);
  return bytes;
}

// A new file of these bytes. Throws: Error, kIo.
void WriteFile(const std::string& path, std::string_view bytes) {
  const Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  bool written = file.number() >= 0;
  while (written && !bytes.empty()) {
    const ssize_t put = write(file.number(), bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    written = put >= 0;
    if (written) bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  if (written) return;
  const std::string reason = Reason();
  if (file.number() >= 0) unlink(path.c_str());
  throw Error(ErrorCode::kIo, Printable(path) + ": cannot be written: " + reason);
}

std::string UnfinishedName() { return std::string(kUnfinished) + ToHex(RandomBytes(12)); }

// Its size, then zstd.
std::string Compress(std::string_view text) {
  constexpr int kLevel = 3;
  std::string packed;
  PutVarint(text.size(), &packed);
  const std::size_t head = packed.size();
  packed.resize(head + ZSTD_compressBound(text.size()));
  const std::size_t size =
      ZSTD_compress(packed.data() + head, packed.size() - head, text.data(), text.size(), kLevel);
  if (ZSTD_isError(size) != 0) throw Error(ErrorCode::kIo, ZSTD_getErrorName(size));
  packed.resize(head + size);
  return packed;
}

std::optional<std::string> Expand(std::string_view packed) {
  const char* at = packed.data();
  const std::uint64_t size = TakeVarint(&at);
  if (size > kLargestText) return std::nullopt;
  packed.remove_prefix(static_cast<std::size_t>(at - packed.data()));
  std::string text(static_cast<std::size_t>(size), '\0');
  if (ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size()) != size) {
    return std::nullopt;
  }
  return text;
}

}  // namespace

CacheFolder::CacheFolder(std::string path, std::uint64_t most_bytes)
    : path_(std::move(path)), most_bytes_(most_bytes) {
  MakeFolders();
  if (ReadKey()) return;
  // One process at a time, so that none takes a key for damaged that another one has just made.
  // Where there are no locks it may happen, and costs what that other one has kept.
  const Descriptor folder(open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  flock(folder.number(), LOCK_EX);
  if (ReadKey()) return;
  MakeKey();
  if (!ReadKey()) throw Error(ErrorCode::kIo, Printable(path_) + "/key: cannot be made");
}

void CacheFolder::MakeFolders() const {
  std::error_code error;
  fs::create_directories(fs::path(path_).parent_path(), error);
  const std::string entries = path_ + "/entries";
  for (const std::string& folder : {path_, entries}) {
    if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
      throw Error(ErrorCode::kIo, Printable(folder) + ": cannot be made: " + Reason());
    }
  }
  if (access(entries.c_str(), R_OK | W_OK | X_OK) != 0 || !fs::is_directory(entries, error)) {
    const std::string reason = fs::is_directory(entries, error) ? Reason() : "it is no folder";
    throw Error(ErrorCode::kIo, Printable(entries) + ": cannot be used as a cache: " + reason);
  }
}

bool CacheFolder::ReadKey() {
  const std::optional<std::string> text = ReadFile(path_ + "/key");
  if (!text) {
    if (errno == ENOENT || errno == EISDIR) return false;
    throw Error(ErrorCode::kIo, Printable(path_) + "/key: cannot be read: " + Reason());
  }
  const std::size_t line = text->find('\n');
  if (!text->starts_with(kFormat) || line == std::string::npos) return false;
  const std::string_view version =
      std::string_view(*text).substr(kFormat.size(), line - kFormat.size());
  const bool number =
      !version.empty() && version.find_first_not_of("0123456789") == std::string_view::npos;
  if (!number) return false;
  if (version != kVersion) {
    throw Error(ErrorCode::kUsage, Printable(path_) +
                                       ": is a cache of another version of watertight (format " +
                                       std::string(version) + ", not " + std::string(kVersion) +
                                       "); remove it, or name another folder");
  }
  key_ = text->substr(line + 1);
  // The key, a MAC of itself, so that a damaged one is none.
  if (key_.size() != 4 * kSealKey + 1) return false;
  const std::string_view drawn = std::string_view(key_).substr(0, 2 * kSealKey);
  return key_ == std::string(drawn) + ToHex(MacOf(drawn, kFormat)) + "\n";
}

// What a damaged one sealed is lost.
void CacheFolder::MakeKey() {
  const std::string path = path_ + "/key";
  struct stat status = {};
  if (lstat(path.c_str(), &status) == 0) {
    Complain("its key was damaged; it begins anew");
    std::error_code error;
    fs::remove_all(path, error);
  }
  const std::string drawn = ToHex(RandomBytes(kSealKey));
  const std::string unfinished = path_ + "/" + UnfinishedName();
  WriteFile(unfinished, std::string(kFormat) + std::string(kVersion) + "\n" + drawn +
                            ToHex(MacOf(drawn, kFormat)) + "\n");
  const int failed = link(unfinished.c_str(), path.c_str()) != 0 ? errno : 0;
  // Where there are no hard links.
  if (failed != 0 && failed != EEXIST) rename(unfinished.c_str(), path.c_str());
  unlink(unfinished.c_str());
}

std::string CacheFolder::PathOf(std::string_view about) const {
  return path_ + "/entries/" + ToHex(MacOf(key_, "name" + std::string(about)));
}

std::string CacheFolder::SealOf(std::string_view about) const {
  return MacOf(key_, "seal" + std::string(about));
}

std::optional<std::string> CacheFolder::Read(std::string_view about) const {
  const std::optional<std::string> sealed = ReadFile(PathOf(about));
  if (!sealed) {
    if (errno != ENOENT) Complain("an entry cannot be read: " + Reason());
    return std::nullopt;
  }
  const std::optional<std::string> packed = Unseal(SealOf(about), *sealed);
  std::optional<std::string> text;
  if (packed) text = Expand(*packed);
  if (!text) Complain("an entry was damaged; it is made anew");
  return text;
}

void CacheFolder::Write(std::string_view about, std::string_view text) {
  try {
    if (text.size() > kLargestText) return;
    const std::string sealed = Seal(SealOf(about), Compress(text));
    if (sealed.size() > most_bytes_ / 2) return;
    Put(PathOf(about), sealed);
    const std::lock_guard<std::mutex> lock(removing_);
    written_ += std::max<std::uint64_t>(sealed.size(), kBlock);
    if (!counted_ || written_ > most_bytes_ / 16) RemoveOldest();
  } catch (const std::exception& error) {
    Complain(error.what());
  }
}

void CacheFolder::Put(const std::string& path, std::string_view bytes) const {
  const std::string unfinished = path_ + "/entries/" + UnfinishedName();
  WriteFile(unfinished, bytes);
  if (rename(unfinished.c_str(), path.c_str()) == 0) return;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    fs::remove_all(path, error);
    if (rename(unfinished.c_str(), path.c_str()) == 0) return;
  }
  const std::string reason = Reason();
  unlink(unfinished.c_str());
  throw Error(ErrorCode::kIo, "an entry cannot be written: " + reason);
}

// Down to nine tenths, so that this is seldom. Others may do the same at the same time.
void CacheFolder::RemoveOldest() {
  struct File {
    std::int64_t used = 0;
    std::uint64_t size = 0;
    std::string path;
  };
  std::vector<File> files;
  std::uint64_t total = 0;
  std::error_code error;
  const std::time_t now = std::time(nullptr);
  for (const fs::directory_entry& entry : fs::directory_iterator(path_ + "/entries", error)) {
    struct stat status = {};
    const std::string path = entry.path().string();
    if (lstat(path.c_str(), &status) != 0) continue;
    if (entry.path().filename().string().starts_with(kUnfinished)) {
      // Of a process that was killed.
      if (now - status.st_mtim.tv_sec > kAbandoned) unlink(path.c_str());
      continue;
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    files.push_back({std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
                     std::max(size, kBlock), path});
    total += files.back().size;
  }
  written_ = 0;
  counted_ = true;
  if (total <= most_bytes_) return;
  std::sort(files.begin(), files.end(),
            [](const File& a, const File& b) { return a.used < b.used; });
  for (const File& file : files) {
    if (total <= most_bytes_ / 10 * 9) break;
    if (unlink(file.path.c_str()) == 0) total -= file.size;
  }
}

std::string CacheFolder::trouble() const {
  const std::lock_guard<std::mutex> lock(trouble_mutex_);
  return trouble_;
}

void CacheFolder::Complain(const std::string& text) const {
  const std::lock_guard<std::mutex> lock(trouble_mutex_);
  if (trouble_.empty()) trouble_ = "cache " + Printable(path_) + ": " + text;
}

}  // namespace watertight
