// Copies of what cannot be read by position: pipes, archives that are compressed as a whole, what a
// daemon sends. They lie in a temporary file without a name.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "framework/image/bytes.h"
#include "framework/image/read_progress.h"

namespace watertight {

// TMPDIR, else /tmp.
std::string TemporaryFolder();

// It loses its name at once, so that nothing stays behind whatever happens.
class SpoolFile {
 public:
  // progress: OpenOptions::progress, or null. total: bytes that will come; 0: not known.
  explicit SpoolFile(ProgressReport progress = nullptr, std::uint64_t total = 0);
  SpoolFile(const SpoolFile&) = delete;
  SpoolFile& operator=(const SpoolFile&) = delete;
  ~SpoolFile();

  std::uint64_t size() const { return size_; }
  // Throws: Error, kIo, which names the folder.
  void Write(std::string_view piece);
  SharedBytes Finish();

 private:
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
  ProgressReport progress_;
  std::uint64_t total_;
};

// All of a stream.
SharedBytes SpoolStream(ByteStream* stream, ProgressReport progress = nullptr);

}  // namespace watertight
