// How much of the stored layers a pass over them has read, for OpenOptions::progress.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>

namespace watertight {

// As OpenOptions::progress.
using ProgressReport = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Safe from several threads.
class ReadProgress {
 public:
  // report may be null; it must outlive this.
  ReadProgress(const ProgressReport& report, std::uint64_t total)
      : report_(report), total_(total) {}
  ReadProgress(const ReadProgress&) = delete;
  ReadProgress& operator=(const ReadProgress&) = delete;
  // What could not be read, or was read by someone before, is done too.
  ~ReadProgress() {
    if (report_ && total_ > 0) report_(total_, total_);
  }

  void Add(std::uint64_t bytes) {
    const std::uint64_t done = done_ += bytes;
    if (report_ && done < total_) report_(done, total_);
  }

 private:
  const ProgressReport& report_;
  std::uint64_t total_;
  std::atomic<std::uint64_t> done_ = 0;
};

}  // namespace watertight
