#include "framework/image/archive.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <mutex>
#include <utility>

#include "framework/image/decompress.h"
#include "framework/image/file_range.h"
#include "framework/image/libarchive.h"
#include "framework/image/mapped_bytes.h"
#include "framework/image/path.h"
#include "framework/image/spool.h"
#include "framework/image/tar_walk.h"

namespace watertight {
namespace {

std::string Reason() { return strerror(errno); }

class DescriptorStream : public ByteStream {
 public:
  explicit DescriptorStream(int descriptor) : descriptor_(descriptor) {}

  std::size_t Read(char* buffer, std::size_t count) override {
    while (true) {
      const ssize_t got = read(descriptor_, buffer, count);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) throw Error(ErrorCode::kIo, "cannot be read: " + Reason());
    }
  }

 private:
  int descriptor_;
};

// A blob of a layout directory, opened when it is first read.
class LazyFile : public ByteSource, public FileBacked {
 public:
  LazyFile(std::string path, std::uint64_t size) : path_(std::move(path)), size_(size) {}

  std::uint64_t size() const override { return size_; }

  std::size_t ReadAt(std::uint64_t offset, char* buffer, std::size_t count) const override {
    return File().ReadAt(offset, buffer, count);
  }

  std::unique_ptr<MappedBytes> Map(std::uint64_t offset, std::uint64_t size) const override {
    return File().Map(offset, size);
  }

  std::optional<FileRange> Range() const override { return RangeOf(File()); }

 private:
  // Throws: Error, kIo.
  const ByteSource& File() const {
    std::call_once(opened_, [this] {
      const int descriptor = open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
      if (descriptor < 0)
        throw Error(ErrorCode::kIo, Printable(path_) + " cannot be read: " + Reason());
      file_ = OpenFileBytes(descriptor, size_, Printable(path_));
    });
    return *file_;
  }

  std::string path_;
  std::uint64_t size_;
  mutable std::once_flag opened_;
  mutable SharedBytes file_;
};

std::string LinkTarget(const std::string& name, const TarEntry& entry) {
  if (entry.type == '1' || entry.link.starts_with("/")) return CleanName(entry.link).path;
  return CleanName(std::string(SplitParent(name).first) + "/" + entry.link).path;
}

// *spooled: bytes of all sparse members so far. Holes cost nothing in the archive, but they do in
// the temporary file.
SharedBytes MemberBytes(const SharedBytes& tar, const TarEntry& entry, const Limits& limits,
                        std::uint64_t* spooled) {
  if (!entry.sparse) return PartOf(tar, entry.content_offset, entry.size);
  if (entry.size > limits.expansion_grace - *spooled) {
    throw Error(ErrorCode::kLimitExceeded, "the sparse file " + Printable(entry.name) + " has " +
                                               std::to_string(entry.size) + " bytes");
  }
  *spooled += entry.size;
  SpoolFile file;
  const std::unique_ptr<Reader> reader =
      SeekingReader(PartOf(tar, entry.header_offset, tar->size()));
  ReadSparseContent(reader.get(), [&file](std::string_view piece) { file.Write(piece); });
  return file.Finish();
}

void CheckCount(std::uint64_t count, const Limits& limits) {
  if (count > limits.archive_members) {
    throw Error(ErrorCode::kLimitExceeded,
                "holds more than " + std::to_string(limits.archive_members) + " files");
  }
}

class TarReader {
 public:
  TarReader(SharedBytes tar, const Limits& limits) : tar_(std::move(tar)), limits_(limits) {}

  Archive Read() {
    const std::unique_ptr<Reader> reader = SeekingReader(tar_);
    TarWalk walk(reader.get(), limits_);
    TarEntry entry;
    for (std::uint64_t count = 1; walk.Next(&entry); ++count) {
      CheckCount(count, limits_);
      Add(entry);
    }
    AddRemainder(Remainder::Kind::kBehindEnd, "", end_, tar_->size());
    archive_.tar = tar_;
    for (const auto& [code, count] : note_counts_) {
      if (count <= kMostNotes) continue;
      archive_.notes.push_back(
          {code, std::nullopt, "", std::to_string(count - kMostNotes) + " more of this kind"});
    }
    return std::move(archive_);
  }

 private:
  static constexpr std::size_t kMostNotes = 20;  // of one code

  void Add(const TarEntry& entry) {
    const CleanedName cleaned = CleanName(entry.name);
    AddRemainder(Remainder::Kind::kHeader, cleaned.path, end_, entry.content_offset);
    end_ = entry.content_offset + entry.stored_size;
    if (cleaned.escapes_root) {
      Report("ambiguous-path", cleaned.path,
             "the archive's name " + Printable(entry.name) + " leaves the root; it is kept inside");
    }
    if (entry.type >= '3' && entry.type <= '6') return;
    const bool link = entry.type == '1' || entry.type == '2';
    Member member{entry.name, link ? LinkTarget(cleaned.path, entry) : "",
                  link ? nullptr : MemberBytes(tar_, entry, limits_, &spooled_), 1};
    const auto before = archive_.members.find(cleaned.path);
    const bool repeated = before != archive_.members.end();
    if (repeated) {
      const auto [begin, end] = contents_[cleaned.path];
      AddRemainder(Remainder::Kind::kShadowed, "", begin, end);
    }
    contents_[cleaned.path] = {entry.content_offset, end_};
    if (repeated && before->second.spelled == member.spelled) {
      member.occurrence = before->second.occurrence + 1;
    }
    archive_.members.insert_or_assign(cleaned.path, std::move(member));
    if (repeated) {
      Report(
          "duplicate-member", cleaned.path,
          "the archive holds " + Printable(cleaned.path) + " more than once; the last one counts");
    }
  }

  void AddRemainder(Remainder::Kind kind, const std::string& name, std::uint64_t begin,
                    std::uint64_t end) {
    if (begin < end) archive_.remainders.push_back({kind, name, begin, end - begin});
  }

  void Report(const char* code, const std::string& path, const std::string& text) {
    if (++note_counts_[code] > kMostNotes) return;
    archive_.notes.push_back({code, std::nullopt, path, text});
  }

  SharedBytes tar_;
  const Limits& limits_;
  Archive archive_;
  std::uint64_t end_ = 0;  // of the last entry's content
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> contents_;  // begins and ends
  std::uint64_t spooled_ = 0;
  std::map<std::string, std::size_t> note_counts_;
};

// What every layout of ours has at its top: other folders, however large, are not listed.
bool MayBeLayout(const std::string& path) {
  struct stat status = {};
  return lstat((path + "/index.json").c_str(), &status) == 0 ||
         lstat((path + "/manifest.json").c_str(), &status) == 0;
}

Archive ReadDirectory(const std::string& path, const Limits& limits) {
  namespace fs = std::filesystem;
  Archive archive;
  archive.directory = true;
  if (!MayBeLayout(path)) return archive;
  std::error_code error;
  std::uint64_t count = 0;
  fs::recursive_directory_iterator it(path, error);
  for (const fs::recursive_directory_iterator end; !error && it != end; it.increment(error)) {
    const fs::file_status status = it->symlink_status(error);
    if (error) break;
    const std::string name = it->path().lexically_relative(path).string();
    if (fs::is_symlink(status)) {
      const std::string target = fs::read_symlink(it->path(), error).string();
      TarEntry entry;
      entry.link = target;
      archive.members[name] = {name, LinkTarget(name, entry), nullptr, 1};
    } else if (fs::is_regular_file(status)) {
      archive.members[name] = {
          name, "", std::make_shared<LazyFile>(it->path().string(), it->file_size(error)), 1};
    }
    CheckCount(++count, limits);
  }
  if (error) throw Error(ErrorCode::kIo, "cannot be listed: " + error.message());
  return archive;
}

// Told are the compressed bytes, for their sum is known.
SharedBytes Uncompressed(const SharedBytes& bytes, const Limits& limits,
                         const ProgressReport& progress) {
  std::uint64_t taken = 0;
  const std::uint64_t total = bytes->size();
  const auto tell = [&](const StoredPiece& piece) {
    taken += piece.bytes.size();
    if (progress) progress(taken, total);
  };
  const std::unique_ptr<ByteStream> stream = Decompress(bytes, limits, tell);
  SharedBytes spooled = SpoolStream(stream.get());
  if (progress) progress(total, total);
  return spooled;
}

}  // namespace

const Member* Archive::Find(std::string* name) const {
  for (int followed = 0; followed < 40; ++followed) {
    const auto it = members.find(*name);
    if (it == members.end()) return nullptr;
    if (it->second.bytes != nullptr) return &it->second;
    *name = it->second.link;
  }
  return nullptr;
}

Archive OpenArchive(SharedBytes bytes, const Limits& limits, const ProgressReport& progress) {
  if (bytes->size() == 0) throw Error(ErrorCode::kNotAnImage, "is empty");
  const Compression compression = DetectCompression(*bytes);
  if (compression != Compression::kNone) {
    bytes = Uncompressed(bytes, limits, progress);
  }
  char head[512] = {};
  const bool tar = bytes->ReadAt(0, head, sizeof(head)) == sizeof(head) &&
                   TarWalk::LooksLikeTar({head, sizeof(head)});
  if (!tar)
    throw Error(ErrorCode::kNotAnImage, "is no image archive: it does not begin with a tar header");
  Archive archive = TarReader(std::move(bytes), limits).Read();
  archive.compression = compression;
  return archive;
}

Archive OpenArchive(const std::string& path, const Limits& limits, const ProgressReport& progress) {
  if (path == "-") {
    DescriptorStream input(STDIN_FILENO);
    return OpenArchive(SpoolStream(&input, progress), limits, progress);
  }
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status = {};
  if (descriptor < 0 || fstat(descriptor, &status) != 0) {
    const ErrorCode code = errno == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo;
    throw Error(code, "cannot be opened: " + Reason());
  }
  if (S_ISDIR(status.st_mode)) {
    close(descriptor);
    return ReadDirectory(path, limits);
  }
  if (!S_ISREG(status.st_mode)) {
    DescriptorStream input(descriptor);
    const SharedBytes bytes = SpoolStream(&input, progress);
    close(descriptor);
    return OpenArchive(bytes, limits, progress);
  }
  return OpenArchive(OpenFileBytes(descriptor, static_cast<std::uint64_t>(status.st_size), "it"),
                     limits, progress);
}

}  // namespace watertight
