#include "framework/image/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>
#include <vector>

#include "framework/image/path.h"
#include "watertight/error.h"

namespace watertight {

std::string TemporaryFolder() {
  const char* folder = getenv("TMPDIR");
  return folder == nullptr || *folder == '\0' ? "/tmp" : folder;
}

SpoolFile::SpoolFile(ProgressReport progress, std::uint64_t total)
    : progress_(std::move(progress)), total_(total) {
  std::string name = TemporaryFolder() + "/watertight-XXXXXX";
  descriptor_ = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor_ < 0) {
    throw Error(ErrorCode::kIo, "no temporary file can be made in " + Printable(TemporaryFolder()) +
                                    ": " + strerror(errno) + "; TMPDIR names another folder");
  }
  unlink(name.c_str());
}

SpoolFile::~SpoolFile() {
  if (descriptor_ >= 0) close(descriptor_);
}

void SpoolFile::Write(std::string_view piece) {
  while (!piece.empty()) {
    const ssize_t put = write(descriptor_, piece.data(), piece.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      throw Error(ErrorCode::kIo, "the temporary copy in " + Printable(TemporaryFolder()) +
                                      " cannot be written after " + std::to_string(size_) +
                                      " bytes: " + strerror(errno) +
                                      "; TMPDIR names another folder");
    }
    size_ += static_cast<std::uint64_t>(put);
    piece.remove_prefix(static_cast<std::size_t>(put));
  }
  // The end is told by Finish, and what was thought the whole may be less.
  if (progress_) progress_(size_, total_ > size_ ? total_ : 0);
}

SharedBytes SpoolFile::Finish() {
  if (progress_) progress_(size_, size_);
  return OpenFileBytes(std::exchange(descriptor_, -1), size_, "the temporary file");
}

SharedBytes SpoolStream(ByteStream* stream, ProgressReport progress) {
  SpoolFile file(std::move(progress));
  std::vector<char> buffer(std::size_t{1} << 20);
  while (const std::size_t got = stream->Read(buffer.data(), buffer.size())) {
    file.Write(std::string_view(buffer.data(), got));
  }
  return file.Finish();
}

}  // namespace watertight
